import { BaseKeyProvider } from "livekit-client";
import SealWorker from "livekit-client/e2ee-worker?worker";
import type { Bytes } from "@/features/names/bytes";

/** The engine's key ring has sixteen places; place 0 is never used. */
export const RING = 16;

class Ring extends BaseKeyProvider {
  constructor() {
    super({ sharedKey: true, ratchetWindowSize: 0, failureTolerance: -1, keyringSize: RING });
  }

  put(key: CryptoKey, index: number): void {
    this.onSetEncryptionKey(key, undefined, index);
  }
}

/**
 * The keys that seal this person's media and open the others'. A key that is
 * put last seals; those before it still open what was sealed with them.
 */
export class Keys {
  private readonly ring = new Ring();
  readonly worker: Worker = new SealWorker();

  get provider(): BaseKeyProvider {
    return this.ring;
  }

  /** `key` is 32 random bytes; the engine derives from it with HKDF. */
  async put(key: Bytes, index: number): Promise<void> {
    this.ring.put(await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits", "deriveKey"]), index);
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
