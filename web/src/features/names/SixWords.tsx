import "./words.css";

/** Six words in their order, to copy by hand or to read aloud. */
export function SixWords({ words, label, small }: { words: readonly string[]; label: string; small?: boolean }) {
  return (
    <ol className={`six-words${small ? " six-words-small" : ""}`} aria-label={label} translate="no" lang="fr">
      {words.map((word, i) => (
        <li key={i}>{word}</li>
      ))}
    </ol>
  );
}
