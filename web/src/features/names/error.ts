/** Why something about names was refused. Each has a sentence in the catalogue, under `refused_…`. */
export type NamesReason =
  | "phrase" // the phrase does not open the key
  | "phrase_word"
  | "phrase_count"
  | "damaged" // bytes that do not open, or open to something else
  | "key_mismatch" // a key and its public part do not belong together
  | "signer" // not signed by somebody whom the chain of trust reaches
  | "signature"
  | "version" // older than what was already seen
  | "school" // belongs to another school
  | "recipient" // not an age X25519 recipient
  | "too_long"
  | "locked"
  | "stopped";

/**
 * A refusal. Carries no name, phrase or key: only the reason, and the seat or
 * the person concerned by its id.
 */
export class NamesError extends Error {
  readonly reason: NamesReason;
  readonly subject: string | undefined;

  constructor(reason: NamesReason, subject?: string) {
    super(`names: ${reason}`);
    this.name = "NamesError";
    this.reason = reason;
    this.subject = subject;
  }
}
