import { useMemo, useSyncExternalStore } from "react";
import { onSignedOut } from "@/api";
import type { Pseudonym, PseudonymDrawer } from "../pseudonyms/draw";
import type { GroupEdit } from "./groupPlan";
import type { Mapping } from "./headers";
import { NO_CHOICES, type Choices } from "./pupils";
import { readFile, readPasted, type Reading } from "./reader";
import type { Done, Job } from "./run";
import { MAX_BYTES } from "./limits";

export const STEPS = ["source", "columns", "groups", "compare", "pseudonyms", "send"] as const;
export type Step = (typeof STEPS)[number];

/** Where the list comes from: kept as a reference, and read again when columns change. */
export type Source = { kind: "file"; file: File } | { kind: "paste"; text: string };

/**
 * An import under way in a school. It holds names, so it lives in memory only:
 * it survives going to another page of Préau, and nothing else.
 */
export interface Journey {
  step: Step;
  yearId: string | null;
  source: Source | null;
  reading: Reading | null;
  choices: Choices;
  edits: ReadonlyMap<string, GroupEdit>;
  /** Seats that a person said have left. */
  leaving: ReadonlySet<string>;
  /** Pseudonyms drawn, by line of the list. */
  drawn: ReadonlyMap<number, Pseudonym>;
  drawer: PseudonymDrawer | null;
  /** What the pseudonyms were drawn for; when it changes they are drawn again. */
  drawnFor: string;
  /** What is being sent, kept for another try. */
  job: Job | null;
  done: Done | null;
}

const START: Journey = {
  step: "source",
  yearId: null,
  source: null,
  reading: null,
  choices: NO_CHOICES,
  edits: new Map(),
  leaving: new Set(),
  drawn: new Map(),
  drawer: null,
  drawnFor: "",
  job: null,
  done: null,
};

class Journeys {
  private readonly of = new Map<string, Journey>();
  private readonly listeners = new Set<() => void>();

  constructor() {
    onSignedOut(() => {
      this.of.clear();
      this.tell();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get(school: string): Journey {
    return this.of.get(school) ?? START;
  }

  change(school: string, change: Partial<Journey>): void {
    this.of.set(school, { ...this.get(school), ...change });
    this.tell();
  }

  forget(school: string): void {
    this.of.delete(school);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const journeys = new Journeys();

export interface JourneyActs {
  journey: Journey;
  change(change: Partial<Journey>): void;
  /** Forgets the list and all that was decided. */
  forget(): void;
  go(step: Step): void;
}

export function useJourney(school: string): JourneyActs {
  const journey = useSyncExternalStore(journeys.subscribe, () => journeys.get(school));
  const acts = useMemo(
    () => ({
      change: (change: Partial<Journey>) => journeys.change(school, change),
      forget: () => journeys.forget(school),
      go: (step: Step) => journeys.change(school, { step }),
    }),
    [school],
  );
  return { journey, ...acts };
}

/** Reads the list, with the columns that a person chose if any. */
export async function readSource(source: Source, mapping?: Mapping): Promise<Reading> {
  // The page shows that it reads before a large file keeps it busy.
  await new Promise((resume) => setTimeout(resume, 0));
  if (source.kind === "paste") return readPasted(source.text, mapping);
  if (source.file.size > MAX_BYTES) return readFile(new Uint8Array(MAX_BYTES + 1));
  try {
    return readFile(new Uint8Array(await source.file.arrayBuffer()), mapping);
  } catch {
    // The file was moved, removed or changed since it was chosen.
    return { ...readFile(new Uint8Array(0)), findings: [{ key: "gone", severity: "error" }] };
  }
}
