/**
 * Who may sign names. The root is the sign key inside the wrapped names key;
 * each other person is endorsed by somebody already trusted.
 */
import { type Bytes, fromBase64Url, toBase64Url } from "./bytes";
import { signLines, verifyLines } from "./sign";

/** What an endorsement says about a person. Times in UTC milliseconds. */
export interface Endorsed {
  staffId: string;
  recipient: string;
  /** base64url */
  signPub: string;
  until: number | null;
}

/** A row of the server's list of people let in. The recovery sheet has no staffId and signs nothing. */
export interface NamesMember {
  id: string;
  staffId: string | null;
  recipient: string;
  signPub: string | null;
  endorsedBy: string | null;
  endorsement: string | null;
  until: number | null;
  revokedAt: number | null;
}

/** A sign key that the chain reaches. `until` is the nearest date on its way from the root. */
export interface TrustedSigner {
  staffId: string;
  recipient: string;
  signPub: string;
  publicKey: Bytes;
  until: number | null;
}

export type Trust = ReadonlyMap<string, readonly TrustedSigner[]>;

function endorsementLines(school: string, who: Endorsed): string[] {
  return ["preau/names-member/v1", school, who.staffId, who.recipient, who.signPub, String(who.until ?? 0)];
}

/** Signs that these keys are this person's. The signer has compared the words with them. */
export function endorse(seed: Uint8Array, school: string, who: Endorsed): string {
  return toBase64Url(signLines(seed, endorsementLines(school, who)));
}

export function verifyEndorsement(signer: Uint8Array, school: string, who: Endorsed, endorsement: string): boolean {
  const signature = fromBase64Url(endorsement);
  return signature !== null && verifyLines(signer, endorsementLines(school, who), signature);
}

/**
 * Follows the chain from the root. People removed or past their date stay in:
 * what they signed while they were let in still verifies, and the server
 * refuses what they would write now. Nobody endorses beyond their own date.
 */
export function chainOfTrust(school: string, root: string, members: readonly NamesMember[]): Trust {
  const trusted = new Map<string, TrustedSigner[]>();
  const byMember = new Map<string, TrustedSigner>();
  const waiting: NamesMember[] = [];

  const admit = (member: NamesMember, until: number | null) => {
    const publicKey = member.signPub === null ? null : fromBase64Url(member.signPub);
    if (member.staffId === null || member.signPub === null || publicKey?.length !== 32) return;
    const signer = { staffId: member.staffId, recipient: member.recipient, signPub: member.signPub, publicKey, until };
    trusted.set(member.staffId, [...(trusted.get(member.staffId) ?? []), signer]);
    byMember.set(member.id, signer);
  };

  // The root has endorsed nobody's id for itself: when rows disagree about whose
  // key it is, one of them is a lie and the chain begins nowhere.
  const makers = new Set(members.filter((m) => m.signPub === root).map((m) => m.staffId));
  if (makers.size > 1) return trusted;
  for (const member of members) {
    if (member.signPub === root) admit(member, null);
    else waiting.push(member);
  }
  for (let found = true; found; ) {
    found = false;
    for (const member of waiting) {
      if (byMember.has(member.id) || member.staffId === null || member.signPub === null) continue;
      if (member.endorsedBy === null || member.endorsement === null) continue;
      const direct = byMember.get(member.endorsedBy);
      const who = { staffId: member.staffId, recipient: member.recipient, signPub: member.signPub, until: member.until };
      for (const signer of direct ? [direct] : (trusted.get(member.endorsedBy) ?? [])) {
        if (!verifyEndorsement(signer.publicKey, school, who, member.endorsement)) continue;
        admit(member, nearest(signer.until, member.until));
        found = true;
        break;
      }
    }
  }
  return trusted;
}

function nearest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
