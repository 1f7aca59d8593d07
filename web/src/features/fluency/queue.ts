import { useEffect, useState, useSyncExternalStore } from "react";
import { call } from "@/api/wire";
import { AnswerQueue, type QueueView } from "@/features/sitting/queue";
import type { Values } from "@/features/sitting/render/tree";
import { keys, readLarge, type SittingOnDevice, writeLarge } from "@/storage";

/** A reading aloud as it stands. Words are numbered from 1. */
export interface ReadingState {
  wrong: number[];
  last: number;
  seconds: number;
  done: boolean;
  void: boolean;
}

/** Which reading: where it is saved, as a path below /schools. */
export const pathOf = (school: string, campaign: string, group: string, seat: string, reading: string) => `${school}/campaigns/${campaign}/groups/${group}/aloud/${seat}/readings/${reading}`;

export const toValues = (s: ReadingState): Values => ({ wrong: s.wrong.map(String), last: String(s.last), seconds: String(s.seconds), done: s.done ? "1" : "", void: s.void ? "1" : "" });

export function fromValues(values: Values): ReadingState {
  const list = Array.isArray(values.wrong) ? values.wrong : [];
  return { wrong: list.map(Number), last: Number(values.last), seconds: Number(values.seconds), done: values.done === "1", void: values.void === "1" };
}

type Post = (path: string, saves: { n: number; data: ReadingState }[]) => Promise<{ acked: number[] }>;

const post: Post = (path, saves) => call("POST", `/schools/${path}`, { body: { saves } });

/** Sends saves, those of each reading together. What one reading is refused does not hold the others back. */
export async function sendReadings(batch: SittingOnDevice["unsent"], send: Post = post) {
  const acked: number[] = [];
  let failure: unknown = null;
  for (const path of new Set(batch.map((a) => a.item))) {
    const saves = batch.filter((a) => a.item === path);
    try {
      acked.push(...(await send(path, saves.slice(0, 50).map((a) => ({ n: a.n, data: fromValues(a.data) })))).acked);
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== null && acked.length === 0) throw failure;
  return { acked, late: false, status: "running" as const, endsAt: 0, now: 0 };
}

/** What this browser keeps for one member of staff, beside what it keeps for others. */
function storeOf(staff: string) {
  const all = () => readLarge(keys.aloud).catch(() => null);
  return {
    read: async () => (await all())?.[staff] ?? null,
    write: async (value: SittingOnDevice | null) => {
      const next = { ...(await all()) };
      if (value) next[staff] = value;
      else delete next[staff];
      await writeLarge(keys.aloud, next).catch(() => undefined);
    },
  };
}

/** The saves of readings of one member of staff on this browser: kept here until the server acknowledges them, by the rules of a sitting. */
export function useReadings(staff: string): { queue: AnswerQueue; view: QueueView } | null {
  const [queue, setQueue] = useState<AnswerQueue | null>(null);
  useEffect(() => {
    let made: AnswerQueue | null = null;
    let gone = false;
    const store = storeOf(staff);
    void store.read().then((kept) => {
      if (gone) return;
      made = new AnswerQueue(kept ?? { seat: staff, campaign: "", sequence: 0, token: "", n: 0, unsent: [], answers: {}, marked: [] }, (_, batch) => sendReadings(batch), store);
      setQueue(made);
    });
    return () => {
      gone = true;
      void made?.end();
    };
  }, [staff]);
  const view = useSyncExternalStore(queue?.subscribe ?? never, queue?.view ?? nothing);
  return queue && view ? { queue, view } : null;
}

const never = () => () => undefined;
const nothing = () => null;
