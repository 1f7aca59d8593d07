import { api, unwrap } from "@/api/client";
import { Abandoned, Problem } from "@/api/problem";
import type { Me } from "./me";

type JSONOptions = { publicKey: Record<string, unknown> };

/** Whether this browser and this address can use passkeys. A bare IP address cannot. */
export function passkeysWork(): boolean {
  return typeof window.PublicKeyCredential === "function" && window.isSecureContext && !/^[\d.]+$|^\[/.test(window.location.hostname);
}

/** Whether the browser can offer passkeys inside the e-mail field. */
export async function passkeysOffered(): Promise<boolean> {
  return passkeysWork() && (await window.PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
}

function optionsOf(raw: unknown): Record<string, unknown> {
  const options = raw as JSONOptions | Record<string, unknown>;
  return ("publicKey" in options ? options.publicKey : options) as Record<string, unknown>;
}

const bytes = (text: string): ArrayBuffer => {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0)).buffer;
};

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

type Descriptor = { id: string; type: "public-key"; transports?: AuthenticatorTransport[] };
const described = (list: unknown): PublicKeyCredentialDescriptor[] | undefined =>
  (list as Descriptor[] | undefined)?.map((d) => ({ ...d, id: bytes(d.id) }));

/** The credential in its JSON form (WebAuthn level 3, 5.1), for browsers with or without toJSON. */
function toJSON(credential: PublicKeyCredential): unknown {
  if (typeof credential.toJSON === "function") return credential.toJSON();
  const { response } = credential;
  const common = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
  if (response instanceof AuthenticatorAttestationResponse) {
    return {
      ...common,
      response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject), transports: response.getTransports() },
    };
  }
  const assertion = response as AuthenticatorAssertionResponse;
  return {
    ...common,
    response: {
      clientDataJSON: text(assertion.clientDataJSON),
      authenticatorData: text(assertion.authenticatorData),
      signature: text(assertion.signature),
      userHandle: assertion.userHandle ? text(assertion.userHandle) : undefined,
    },
  };
}

function refusal(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) {
    return new Abandoned("passkey", { cause: error });
  }
  return error;
}

/** Signs in with a passkey. `offered`: quietly, in the suggestions of the e-mail field, until the signal. */
export async function signInWithPasskey({ keep, offered, signal }: { keep: () => boolean; offered?: boolean; signal?: AbortSignal }): Promise<Me> {
  try {
    const begun = await unwrap(api.POST("/session/passkey/begin", { signal }));
    const options = optionsOf(begun.options);
    const credential = await navigator.credentials.get({
      signal,
      mediation: offered ? "conditional" : "optional",
      publicKey: {
        ...options,
        challenge: bytes(options.challenge as string),
        allowCredentials: described(options.allowCredentials),
      } as PublicKeyCredentialRequestOptions,
    });
    const body = { ceremony: begun.ceremony, credential: toJSON(credential as PublicKeyCredential), keep: keep() };
    return await unwrap(api.POST("/session/passkey/finish", { body }));
  } catch (error) {
    throw refusal(error);
  }
}

/** Adds a passkey to the account. */
export async function addPasskey(label: string): Promise<void> {
  try {
    const begun = await unwrap(api.POST("/me/passkeys/begin"));
    const options = optionsOf(begun.options);
    const user = options.user as { id: string; name: string; displayName: string };
    const credential = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge as string),
        user: { ...user, id: bytes(user.id) },
        excludeCredentials: described(options.excludeCredentials),
      } as PublicKeyCredentialCreationOptions,
    });
    await api.POST("/me/passkeys/finish", { body: { ceremony: begun.ceremony, credential: toJSON(credential as PublicKeyCredential), label } });
  } catch (error) {
    throw refusal(error);
  }
}
