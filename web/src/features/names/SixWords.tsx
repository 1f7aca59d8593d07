import "./words.css";

/** Six words in their order: a secret phrase to copy by hand, or the fingerprint of a key to read aloud, which look different. */
export function SixWords({ words, label, fingerprint }: { words: readonly string[]; label: string; fingerprint?: boolean }) {
  return (
    <ol className={`six-words${fingerprint ? " six-words-open" : ""}`} aria-label={label} translate="no" lang="fr">
      {words.map((word, i) => (
        <li key={i}>{word}</li>
      ))}
    </ol>
  );
}
