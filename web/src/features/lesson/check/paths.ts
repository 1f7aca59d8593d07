import { Room, RoomEvent } from "livekit-client";

/** The ways by which sound and pictures can reach the server, tried one by one. */
export const paths = ["signal", "udp", "tcp", "relay"] as const;
export type Path = (typeof paths)[number];
/** `absent`: the server offers no such way. */
export type Outcome = "works" | "blocked" | "absent";

const PATIENCE = 10_000;

/** The relay reaches every address of the server, so that it would pass for the way that is tried. */
const withoutRelay: RTCConfiguration = { iceServers: [] };

/** The protocol of an ICE candidate (RFC 8839): `udp` or `tcp`. */
export function protocolOf(candidate: string): "udp" | "tcp" | null {
  const found = /^(?:a=)?candidate:\S+ \d+ (udp|tcp) /i.exec(candidate);
  return found ? (found[1]?.toLowerCase() as "udp" | "tcp") : null;
}

/** Leaves of a session description (RFC 8866) only the candidates of one protocol. */
export function onlyCandidates(sdp: string, protocol: "udp" | "tcp"): string {
  return sdp
    .split("\r\n")
    .filter((line) => (protocolOf(line) ?? protocol) === protocol)
    .join("\r\n");
}

/**
 * While `work` runs, connections hear only of the server's addresses of one
 * protocol: the server answers where it is asked, so no other can be used. A
 * relayed connection keeps all: only its relay is asked.
 */
async function over<T>(protocol: "udp" | "tcp" | null, offered: Set<string>, work: () => Promise<T>): Promise<T> {
  const connection = RTCPeerConnection.prototype;
  // The callback forms that TypeScript also knows are long gone from pages.
  const addIceCandidate: (this: RTCPeerConnection, c?: RTCIceCandidateInit | null) => Promise<void> = connection.addIceCandidate;
  const setRemoteDescription: (this: RTCPeerConnection, d: RTCSessionDescriptionInit) => Promise<void> = connection.setRemoteDescription;
  connection.addIceCandidate = function add(this: RTCPeerConnection, candidate?: RTCIceCandidateInit | null) {
    const of = protocolOf(candidate?.candidate ?? "");
    if (of) offered.add(of);
    if (protocol && of && of !== protocol) return Promise.resolve();
    return addIceCandidate.call(this, candidate);
  };
  connection.setRemoteDescription = function set(this: RTCPeerConnection, description: RTCSessionDescriptionInit) {
    const sdp = description.sdp ?? "";
    for (const line of sdp.split("\r\n")) {
      const of = protocolOf(line);
      if (of) offered.add(of);
    }
    return setRemoteDescription.call(this, protocol ? { type: description.type, sdp: onlyCandidates(sdp, protocol) } : description);
  };
  try {
    return await work();
  } finally {
    connection.addIceCandidate = addIceCandidate;
    connection.setRemoteDescription = setRemoteDescription;
  }
}

/** Tries one way; `pass` gives a room of one's own on the server. */
export async function tryPath(path: Path, pass: { url: string; token: string }): Promise<Outcome> {
  const url = new URL(pass.url, window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const room = new Room();
  let signalled = false;
  room.on(RoomEvent.SignalConnected, () => (signalled = true));
  const offered = new Set<string>();
  const connect = () =>
    room.connect(url.href, pass.token, {
      maxRetries: 0,
      websocketTimeout: PATIENCE,
      peerConnectionTimeout: PATIENCE,
      rtcConfig: path === "relay" ? { iceTransportPolicy: "relay" } : path === "signal" ? undefined : withoutRelay,
    });
  try {
    await over(path === "udp" || path === "tcp" ? path : null, offered, connect);
    return "works";
  } catch {
    if (path === "signal") return signalled ? "works" : "blocked";
    if (path === "relay") return (room.engine.latestJoinResponse?.iceServers.length ?? 0) > 0 ? "blocked" : "absent";
    return signalled && !offered.has(path) ? "absent" : "blocked";
  } finally {
    void room.disconnect();
  }
}
