import { useMutation, useQuery } from "@tanstack/react-query";
import { Camera } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Abandoned, problemOf } from "@/api/problem";
import { readCode } from "@/features/names/code";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, type Faults, Form, isPlainAddress, Notice, TextField } from "@/ui";
import { schoolsHere, whereAmI } from "./api";
import { Child, type Sound } from "./Child";
import { askAgain, enterWithCode, enterWithSecret } from "./entry";
import { Press } from "./Press";
import type { Work } from "./work";
import { WorkNotice } from "./WorkNotice";

const Scan = lazy(() => import("./Scan"));

const codeProblems = { empty: "code_empty", short: "code_short", long: "code_long" } as const;

/** The landing page: the pupils' door. */
export default function DoorPage() {
  const t = useT("pupil");
  const [, go] = useLocation();
  const [own, setOwn] = useState(false);
  const [scanning, setScanning] = useState(false);
  const [work, setWork] = useState<Work | null>(null);
  const [wrong, setWrong] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const enter = useMutation({
    mutationFn: (code: string) => {
      stop.current = new AbortController();
      return enterWithCode(code, own, setWork, stop.current.signal);
    },
    onSuccess: () => go("/eleve"),
    onSettled: () => setWork(null),
  });
  const scan = useMutation({
    mutationFn: (secret: Uint8Array<ArrayBuffer>) => {
      stop.current = new AbortController();
      return enterWithSecret(secret, own, setWork, stop.current.signal);
    },
    onSuccess: () => go("/eleve"),
    onSettled: () => setWork(null),
  });
  const door = useQuery({ queryKey: ["door", "arriving"], queryFn: ({ signal }) => whereAmI(signal), gcTime: 0, retry: false });
  const schools = useQuery({ queryKey: ["door", "schools"], queryFn: ({ signal }) => schoolsHere(signal), staleTime: Infinity, retry: false });
  const only = schools.data?.length === 1 ? schools.data[0] : undefined;
  const entering = enter.isPending || scan.isPending;
  const inside = door.data && door.data.status !== "out" ? door.data : null;
  useEffect(() => {
    if (!inside || entering) return;
    if (!inside.own) askAgain();
    go("/eleve", { replace: true });
  }, [inside, entering, go]);
  const submit = (data: FormData): Faults | undefined => {
    if (entering) return undefined;
    const code = String(data.get("code"));
    const read = readCode(code);
    scan.reset();
    enter.reset();
    setWrong(!read.ok);
    if (!read.ok) return { code: read.why === "character" ? t("code_character", { character: read.character }) : t(codeProblems[read.why]) };
    enter.mutate(code);
    return undefined;
  };
  const refused = enter.error instanceof Abandoned ? null : enter.error;
  return (
    <Child
      title={t("door_title")}
      language
      listen={scanning ? "scan" : soundOf(wrong, refused)}
      corner={
        <Link href="/connexion" className="button button-quiet">
          {t("staff_entrance")}
        </Link>
      }
    >
      {only && <p className="child-school">{only.name}</p>}
      {schools.data?.length === 0 && (
        <Notice tone="sun" title={t("no_school_title")}>
          {t("no_school")}
        </Notice>
      )}
      {scanning ? (
        <Suspense>
          <Scan
            onSecret={(secret) => {
              setScanning(false);
              scan.mutate(secret);
            }}
            onStop={() => setScanning(false)}
          />
        </Suspense>
      ) : (
        <>
          <Form onSubmit={submit} error={refused ?? (scan.error instanceof Abandoned ? null : scan.error)}>
            <div className="child-code">
              <TextField label={t("code")} name="code" big maxLength={40} autoComplete="off" autoCapitalize="characters" help={t("code_help")} onChange={() => setWrong(false)} />
            </div>
            <Checkbox checked={own} onChange={setOwn} detail={t("own_help")}>
              {t("own")}
            </Checkbox>
            {work ? (
              <WorkNotice work={work} onStop={() => stop.current.abort()} />
            ) : (
              <Actions>
                <Press submit tone="main" big busy={entering}>
                  {t("enter")}
                </Press>
              </Actions>
            )}
          </Form>
          {!isPlainAddress() && (
            <Button
              big
              icon={<Camera aria-hidden />}
              disabled={entering}
              onPress={() => {
                enter.reset();
                scan.reset();
                setScanning(true);
              }}
            >
              {t("scan")}
            </Button>
          )}
          <Notice tone="info">{t("promise")}</Notice>
          <p className="child-foot">
            <Link href="/confidentialite">{t("privacy")}</Link>
          </p>
        </>
      )}
    </Child>
  );
}

/** What the loudspeaker reads: the last refusal, or the way in. */
function soundOf(wrong: boolean, refusal: unknown): Sound {
  if (wrong) return "wrong";
  if (!refusal) return "door";
  switch (problemOf(refusal).kind) {
    case "forbidden":
      return "closed";
    case "not_found":
    case "invalid":
      return "wrong";
    default:
      return "door";
  }
}
