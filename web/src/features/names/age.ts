/** The few things that names ask of age (age-encryption.org/v1), X25519 and scrypt only. */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { type Bytes, bytes } from "./bytes";
import { NamesError } from "./error";

/** scrypt's cost as `age -p` has it: 2¹⁸, some 256 MiB and a second or two. */
export const WORK_FACTOR = 18;

/** An age identity opens, its recipient seals. */
export interface AgeIdentity {
  identity: string;
  recipient: string;
}

export async function makeIdentity(): Promise<AgeIdentity> {
  return readIdentity(await generateX25519Identity());
}

/** Reads `AGE-SECRET-KEY-1…`, forgiving case and spaces as copied from paper. */
export async function readIdentity(text: string): Promise<AgeIdentity> {
  const identity = text.replace(/\s+/g, "").toUpperCase();
  try {
    return { identity, recipient: await identityToRecipient(identity) };
  } catch {
    throw new NamesError("damaged");
  }
}

/** Only plain X25519 recipients: 62 characters from `age1`. */
export function isRecipient(text: string): boolean {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false;
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

export async function sealTo(recipients: readonly string[], plain: Uint8Array): Promise<Bytes> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    if (!isRecipient(recipient)) throw new NamesError("recipient");
    encrypter.addRecipient(recipient);
  }
  return bytes(await encrypter.encrypt(plain));
}

export async function sealWithPhrase(phrase: string, plain: Uint8Array, workFactor = WORK_FACTOR): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(phrase);
  encrypter.setScryptWorkFactor(workFactor);
  return bytes(await encrypter.encrypt(plain));
}

/** Opens with one identity, many times. */
export class Opener {
  readonly #decrypter = new Decrypter();

  constructor(...identities: string[]) {
    for (const identity of identities) this.#decrypter.addIdentity(identity);
  }

  async open(sealed: Uint8Array): Promise<Bytes> {
    try {
      return bytes(await this.#decrypter.decrypt(sealed));
    } catch {
      throw new NamesError("damaged");
    }
  }
}

/** Opens what a phrase sealed; a wrong phrase and damaged bytes look alike. */
export async function openWithPhrase(phrase: string, sealed: Uint8Array): Promise<Bytes> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(phrase);
  try {
    return bytes(await decrypter.decrypt(sealed));
  } catch {
    throw new NamesError("phrase");
  }
}
