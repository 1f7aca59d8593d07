import { CircleAlert, CircleCheck, CircleMinus, LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { announce, Button, Card, Notice, Page, ProblemNotice } from "@/ui";
import { Sound } from "../hall/Sound";
import { useTrial } from "../hall/useTrial";
import type { Outcome, Path } from "./paths";
import "../hall/hall.css";
import "./check.css";

const order: readonly Path[] = ["signal", "udp", "tcp", "relay"];
const icons = { works: CircleCheck, blocked: CircleAlert, absent: CircleMinus } as const;

type Results = Partial<Record<Path, Outcome>>;

/** What the results mean for a lesson. */
export function verdictOf(results: Results): "good" | "slow" | "none" | "no_server" {
  if (results.signal === "blocked") return "no_server";
  if (results.udp === "works") return "good";
  return results.tcp === "works" || results.relay === "works" ? "slow" : "none";
}

/** Tries each way to the server, one by one. */
function Ways() {
  const t = useT("lessons");
  const { school } = useWork();
  const [results, setResults] = useState<Results>({});
  const [trying, setTrying] = useState<Path | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const run = async () => {
    setResults({});
    setProblem(null);
    setDone(false);
    const found: Results = {};
    try {
      const { tryPath } = await import("./paths");
      for (const path of order) {
        if (gone.current) return;
        setTrying(path);
        const pass = await unwrap(api.POST("/schools/{school}/lesson-check", { params: { path: { school: school.id } } }));
        found[path] = await tryPath(path, pass);
        setResults({ ...found });
        if (found.signal === "blocked") break;
      }
      setDone(true);
      announce(t(`verdict_${verdictOf(found)}`));
    } catch (error) {
      setProblem(error);
    } finally {
      setTrying(null);
    }
  };
  return (
    <Card title={t("ways")} intro={t("ways_intro")}>
      {problem !== null && <ProblemNotice problem={problem} />}
      {(trying || done) && (
        <ul className="ways">
          {order.map((path) => {
            const outcome = results[path];
            const Icon = outcome ? icons[outcome] : LoaderCircle;
            return (
              <li key={path} className={`way way-${outcome ?? "waiting"}`} data-path={path} data-outcome={outcome}>
                <Icon aria-hidden size={22} />
                <span>
                  <strong>{t(`way_${path}`)}</strong>
                  <span>{outcome ? t(`way_${outcome}`) : t(trying === path ? "way_trying" : "way_waiting")}</span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {done && <Notice tone={verdictOf(results) === "good" ? "tree" : verdictOf(results) === "slow" ? "sun" : "brick"}>{t(`verdict_${verdictOf(results)}`)}</Notice>}
      <div>
        <Button tone="main" pending={trying !== null} onPress={() => void run()}>
          {t(done ? "ways_again" : "ways_try")}
        </Button>
      </div>
    </Card>
  );
}

function Devices() {
  const t = useT("lessons");
  const live = useT("live");
  const camera = useTrial("videoinput");
  const microphone = useTrial("audioinput");
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = camera.stream;
  }, [camera.stream]);
  const trouble = camera.trouble ?? microphone.trouble;
  return (
    <Card title={t("devices")} intro={t("devices_intro")}>
      {trouble && (
        <Notice tone="brick" alert>
          {live(`trouble_${trouble}`)}
        </Notice>
      )}
      {camera.stream && <video ref={video} className="ready-video tile-mirror check-video" autoPlay playsInline muted aria-label={live("ready_self")} />}
      {microphone.stream && <Sound stream={microphone.stream} />}
      <div className="form-actions">
        <Button onPress={() => (microphone.stream ? microphone.close() : void microphone.open())}>{live(microphone.stream ? "mic_close" : "mic_open")}</Button>
        <Button onPress={() => (camera.stream ? camera.close() : void camera.open())}>{live(camera.stream ? "cam_close" : "cam_open")}</Button>
      </div>
    </Card>
  );
}

/** Before a lesson: does this machine, on this network, reach the server, and do its devices open. */
export default function CheckPage() {
  const t = useT("lessons");
  return (
    <Page title={t("check")} back={{ href: "/seances", label: t("title") }} narrow>
      <Ways />
      <Devices />
    </Page>
  );
}
