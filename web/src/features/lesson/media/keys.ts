import { BaseKeyProvider, type KeyInfo, KeyProviderEvent } from "livekit-client";
import SealWorker from "livekit-client/e2ee-worker?worker";
import type { Bytes } from "@/features/names/bytes";

/** The engine's key ring has sixteen places; place 0 is never used. */
const PLACES = 16;

/** The keys by their place, and which of them seals. */
class Ring extends BaseKeyProvider {
  readonly #keys = new Map<number, KeyInfo>();
  #sending = 0;

  constructor() {
    super({ sharedKey: true, ratchetWindowSize: 0, failureTolerance: -1, keyringSize: PLACES });
  }

  override getKeys(): KeyInfo[] {
    return [...this.#keys.values()];
  }

  override getLatestManuallySetKeyIndex(): number {
    return this.#sending;
  }

  hold(key: CryptoKey, index: number): void {
    const info = { key, keyIndex: index };
    this.#keys.set(index, info);
    this.emit(KeyProviderEvent.SetKey, info, index === this.#sending);
  }

  use(index: number): void {
    this.#sending = index;
    const info = this.#keys.get(index);
    if (info) this.emit(KeyProviderEvent.SetKey, info, true);
  }
}

type ToWorker = { kind: string; data?: { enabled?: boolean } };

/**
 * The worker that seals and opens frames. Whether somebody's frames are sealed
 * is said by the server, and a frame may carry a mark of the server's that lets
 * it through as it is: here neither is believed, every frame is opened or dropped.
 */
function strictWorker(): Worker {
  const worker = new SealWorker();
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (message: ToWorker, transfer?: StructuredSerializeOptions | Transferable[]) => {
    if (message.kind === "setSifTrailer") return;
    const strict = message.kind === "enable" ? { ...message, data: { ...message.data, enabled: true } } : message;
    post(strict, transfer as Transferable[]);
  };
  return worker;
}

/** What seals one person's media and opens the others'. Until a key is in use, nothing is sent and nothing plays. */
export class MediaSeal {
  readonly provider = new Ring();
  readonly worker = strictWorker();

  /** Opens from now on what is sealed with this key; `key` is 32 bytes, from which the engine derives its own with HKDF. */
  async hold(key: Bytes, index: number): Promise<void> {
    this.provider.hold(await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits", "deriveKey"]), index);
  }

  /** Seals with that key from now on. */
  use(index: number): void {
    this.provider.use(index);
  }

  close(): void {
    this.worker.terminate();
  }
}

/** Whether this browser can seal media at all. */
export function canSeal(): boolean {
  const sender = globalThis.RTCRtpSender?.prototype as { createEncodedStreams?: unknown } | undefined;
  return globalThis.crypto?.subtle !== undefined && ("RTCRtpScriptTransform" in globalThis || sender?.createEncodedStreams !== undefined);
}
