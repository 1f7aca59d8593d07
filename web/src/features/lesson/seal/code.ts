import { type Bytes, fromBase64Url, randomBytes, sha256, toBase64Url } from "@/features/names/bytes";
import type { Signal } from "../live/protocol";
import { codeOf, commitment, opens } from "./box";
import type { Line } from "./sealing";

/** How long whoever begins waits for the answers of those present. */
const ANSWERS_WITHIN = 5_000;

/** `digits` come once the maker of the key has opened its nonce. */
export type CodeView = { stage: "gathering" } | { stage: "shown"; digits: string } | { stage: "failed" };

/**
 * The security code: a nonce is promised before anybody's key is told, so that
 * nobody in between can choose keys whose digits agree. Everyone present
 * answers with the hash of the key in use and their own recipient.
 */
export class CodeExchange {
  view: CodeView | null = null;
  private promised: { by: string; commit: string } | null = null;
  private nonce: Bytes | null = null;
  private readonly told = new Map<string, string>();
  private opening: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly line: Line,
    private readonly key: () => Bytes | null,
    private readonly recipient: () => string,
    /** The recipient that a person's key was sealed to, for whoever made it. */
    private readonly sealedTo: (who: string) => string | null,
    private readonly changed: () => void,
  ) {}

  stop(): void {
    if (this.opening) clearTimeout(this.opening);
  }

  forget(): void {
    this.stop();
    this.view = null;
    this.promised = null;
    this.nonce = null;
    this.changed();
  }

  async begin(): Promise<void> {
    this.forget();
    this.nonce = randomBytes(32);
    await this.send("code_commit", toBase64Url(await commitment(this.nonce)));
    this.opening = setTimeout(() => void this.open(), ANSWERS_WITHIN);
  }

  private async open(): Promise<void> {
    if (this.opening) clearTimeout(this.opening);
    this.opening = null;
    const nonce = this.nonce;
    this.nonce = null;
    if (nonce) await this.send("code_open", toBase64Url(nonce)).catch(() => this.set({ stage: "failed" }));
  }

  async hear(signal: Signal): Promise<void> {
    const by = signal.by as string;
    const value = signal.value as string;
    if (signal.sig === "code_commit") {
      this.promised = { by, commit: value };
      this.told.clear();
      this.set({ stage: "gathering" });
      const key = this.key();
      if (key) await this.send("code_key", `${toBase64Url(await sha256(key))} ${this.recipient()}`).catch(() => undefined);
    }
    if (signal.sig === "code_key" && this.promised) {
      this.told.set(by, value);
      const present = this.line.state()?.people.filter((p) => p.here).length ?? 0;
      if (this.nonce && this.told.size >= present) await this.open();
    }
    if (signal.sig === "code_open" && this.promised?.by === by) await this.reveal(value);
  }

  private async reveal(value: string): Promise<void> {
    const { commit } = this.promised ?? { commit: "" };
    this.promised = null;
    const nonce = fromBase64Url(value);
    const key = this.key();
    if (!nonce || !key || !(await opens(commit, nonce))) return this.set({ stage: "failed" });
    const print = toBase64Url(await sha256(key));
    const answers = [...this.told].map(([who, answer]) => {
      const [theirs, recipient = ""] = answer.split(" ");
      return { who, theirs, recipient };
    });
    const me = this.line.state()?.me ?? "";
    const mine = answers.some((a) => a.who === me && a.recipient === this.recipient());
    const agree = answers.every((a) => a.theirs === print && (this.sealedTo(a.who) ?? a.recipient) === a.recipient);
    if (!mine || !agree) return this.set({ stage: "failed" });
    this.set({ stage: "shown", digits: await codeOf(nonce, key, answers.map((a) => a.recipient)) });
  }

  private set(view: CodeView): void {
    this.view = view;
    this.changed();
  }

  private async send(sig: string, value: string): Promise<void> {
    await this.line.ask("signal", { sig, value });
  }
}
