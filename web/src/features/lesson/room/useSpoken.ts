import { useEffect, useRef } from "react";
import { type T, useT } from "@/i18n";
import { announce, toast } from "@/ui";
import type { LessonEvent, Preset } from "../live/protocol";
import type { Panel } from "./Bar";
import type { Room } from "./context";

/** What happens within this time is said at once, in one sentence a kind. */
const GATHER_MS = 1_500;

/** Something to say: several of a kind are counted instead. */
interface Said {
  kind: string;
  text: string;
  count?: (n: number) => string;
}

/** Says to a screen reader what sighted people see pass, without flooding. */
export function useSpoken(room: Room | null, panel: Panel): void {
  const t = useT("live");
  const latest = useRef({ room, panel });
  latest.current = { room, panel };
  const live = room?.live;
  useEffect(() => {
    let gathered: Said[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = live?.onEvent((event) => {
      const { room: r, panel: open } = latest.current;
      const done = r && doneToMe(event, r, t);
      if (done) toast(done);
      const said = r && wordsOf(event, r, open, t);
      if (!said) return;
      gathered.push(said);
      timer ??= setTimeout(() => {
        timer = null;
        announce(sentence(gathered));
        gathered = [];
      }, GATHER_MS);
    });
    return () => {
      stop?.();
      if (timer) clearTimeout(timer);
    };
  }, [live, t]);
}

/** What staff have just done to this person: shown, and said. */
function doneToMe(event: LessonEvent, r: Room, t: T): string | null {
  if (r.me.kind === "staff" || event.by === r.me.id) return null;
  switch (event.ev) {
    case "muted":
      return event.who === r.me.id || event.all === true ? t(`said_muted${r.tu}`) : null;
    case "preset":
      return t("said_preset", { name: presetName(r.live.state()?.lesson.preset || "cours", t) });
    case "rights_of": {
      const own = event.own as { microphone?: boolean | null; camera?: boolean | null } | undefined;
      if (event.who !== r.me.id || !own) return null;
      if (own.microphone === false) return t(`said_mic_taken${r.tu}`);
      return own.microphone === true ? t(`said_mic_given${r.tu}`) : null;
    }
    default:
      return null;
  }
}

const presetName = (preset: Preset, t: T) => t(`preset_name_${preset}`);

/** One sentence for each kind, in the order in which they first came. */
export function sentence(all: readonly Said[]): string {
  const kinds = [...new Set(all.map((s) => s.kind))];
  return kinds
    .map((kind) => {
      const of = all.filter((s) => s.kind === kind);
      const last = of.at(-1);
      return (of.length > 1 && last?.count?.(of.length)) || last?.text || "";
    })
    .join(" ");
}

/** Texts for several of a kind at once. */
type Many = "said_hands" | "said_messages" | "said_joined_many" | "said_left_many" | "said_waiting_many";

function wordsOf(event: LessonEvent, r: Room, panel: Panel, t: T): Said | null {
  const name = (who: unknown) => r.nameOf(who as string);
  const staff = r.me.kind === "staff";
  const mine = event.by === r.me.id || event.who === r.me.id;
  const say = (text: string, many?: Many): Said => ({ kind: event.ev, text, count: many ? (n) => t(many, { count: n }) : undefined });
  switch (event.ev) {
    case "hand":
      if (event.who === r.me.id) return say(event.up ? t("said_my_hand", { place: (r.live.state()?.hands.indexOf(r.me.id) ?? 0) + 1 }) : t("said_my_hand_down"));
      return event.up && staff ? say(t("said_hand", { name: name(event.who), place: (r.live.state()?.hands.indexOf(event.who as string) ?? 0) + 1 }), "said_hands") : null;
    case "message":
      // An open chat is read by the screen reader itself.
      return mine || panel === "chat" ? null : say(t("said_message", { name: name(event.by) }), "said_messages");
    case "joined":
      return staff && !mine ? say(t("said_joined", { name: name((event.person as { id: string }).id) }), "said_joined_many") : null;
    case "left":
      return staff && !mine ? say(t("said_left", { name: name(event.who) }), "said_left_many") : null;
    case "unattended":
      return staff ? null : say(t("unattended_title"));
    case "attended":
      return staff ? null : say(t("said_attended"));
    case "waiting":
      return r.leads ? say(t("said_waiting", { name: event.label as string }), "said_waiting_many") : null;
    case "reported":
      return say(t("said_reported"));
    default:
      return null;
  }
}
