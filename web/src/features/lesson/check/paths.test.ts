import { describe, expect, it } from "vitest";
import { onlyCandidates, protocolOf } from "./paths";

const udp = "candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host";
const tcp = "candidate:2 1 tcp 1671430143 192.0.2.1 7881 typ host tcptype passive";

describe("candidates of one protocol", () => {
  it("reads the protocol of a candidate, alone or in a description", () => {
    expect([udp, tcp, `a=${tcp}`, "", "a=mid:0", "candidate:nonsense"].map(protocolOf)).toEqual(["udp", "tcp", "tcp", null, null, null]);
  });

  it("leaves out the others and nothing else", () => {
    const sdp = ["v=0", "a=mid:0", `a=${udp}`, `a=${tcp}`, "a=end-of-candidates", ""].join("\r\n");
    expect(onlyCandidates(sdp, "tcp")).toBe(["v=0", "a=mid:0", `a=${tcp}`, "a=end-of-candidates", ""].join("\r\n"));
    expect(onlyCandidates(sdp, "udp")).not.toContain("tcptype");
  });
});
