import { useEffect, useState } from "react";
import { personWords } from "./fingerprint";

/** The six words of a person's keys, to compare aloud; empty until computed. */
export function usePersonWords(person: { staffId: string; recipient: string; signPub: string } | null): string[] {
  const [words, setWords] = useState<string[]>([]);
  const { staffId, recipient, signPub } = person ?? {};
  useEffect(() => {
    if (staffId === undefined || recipient === undefined || signPub === undefined) return;
    let current = true;
    void personWords(staffId, recipient, signPub).then((six) => current && setWords(six));
    return () => {
      current = false;
      setWords([]);
    };
  }, [staffId, recipient, signPub]);
  return words;
}
