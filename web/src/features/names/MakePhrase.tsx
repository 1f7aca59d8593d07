import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, type Faults, Form, Notice, TextField } from "@/ui";
import { makePersonalKey } from "./personalKey";
import { makePhrase, phraseOf } from "./phrase";
import { run } from "./offThread";
import { NamesProblem } from "./refusal";
import { names } from "./session";
import { SixWords } from "./SixWords";
import { indexOfWord } from "./words";

/** Two positions to confirm, from 1, in order. */
function twoOf(words: readonly string[]): [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint8Array(2));
  const first = a % words.length;
  const second = (first + 1 + (b % (words.length - 1))) % words.length;
  return first < second ? [first, second] : [second, first];
}

/**
 * Makes a phrase: shown once to be copied by hand, two of its words confirmed,
 * then the key is sealed here and its sealed form sent. `again` keeps the key
 * that is open and changes its phrase; otherwise the key is new.
 */
export function MakePhrase({ again, onDone, onCancel }: { again?: boolean; onDone: () => void; onCancel?: () => void }) {
  const t = useT("names");
  const [words] = useState(makePhrase);
  const [asked] = useState(() => twoOf(words));
  const [copied, setCopied] = useState(false);
  const [own, setOwn] = useState(names.own);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const keep = async (data: FormData): Promise<Faults | undefined> => {
    const bad = asked.filter((at) => indexOfWord(String(data.get(`word-${at}`)).trim()) !== indexOfWord(words[at]!));
    if (bad.length > 0) return Object.fromEntries(bad.map((at) => [`word-${at}`, t("phrase_word_wrong")]));
    setPending(true);
    setError(null);
    try {
      const key = again && names.key ? names.key : await makePersonalKey();
      const stored = await run({ kind: "sealKey", key, phrase: phraseOf(words) });
      await names.adopt(key, stored, own);
      onDone();
    } catch (refusal) {
      setError(refusal);
      setPending(false);
    }
    return undefined;
  };

  if (!copied) {
    return (
      <>
        <p>{t("phrase_copy")}</p>
        <SixWords words={words} label={t("phrase_words")} />
        <Notice tone="sun">{t("phrase_once")}</Notice>
        <Actions>
          <Button tone="main" onPress={() => setCopied(true)}>
            {t("phrase_copied")}
          </Button>
          {onCancel && <Button onPress={onCancel}>{t("cancel")}</Button>}
        </Actions>
      </>
    );
  }
  return (
    <Form onSubmit={keep}>
      <p>{t("phrase_confirm")}</p>
      {asked.map((at, i) => (
        <TextField
          key={at}
          name={`word-${at}`}
          label={t("phrase_word", { position: at + 1 })}
          autoComplete="off"
          autoFocus={i === 0}
          required
        />
      ))}
      <Checkbox checked={own} onChange={setOwn} detail={t("own_detail")}>
        {t("own")}
      </Checkbox>
      {error !== null && <NamesProblem error={error} />}
      <Actions>
        <Button tone="main" type="submit" pending={pending}>
          {t(again ? "phrase_keep" : "phrase_make_key")}
        </Button>
        <Button onPress={() => setCopied(false)} disabled={pending}>
          {t("phrase_show_again")}
        </Button>
      </Actions>
    </Form>
  );
}
