import { describe, expect, it } from "vitest";
import { fromBase64Url } from "./bytes";
import { makePupilKey, openFirstNames, vouchKey } from "./pupilKey";
import { makeSeatSecret, seatKeys } from "./seatSecret";
import { type PresentSession, firstNameBoxes } from "./shareFirstNames";

describe("sharing first names", () => {
  it("gives them to browsers that a slip vouches for, and to no other", async () => {
    const secrets = new Map(["a", "b", "c", "d"].map((id) => [id, makeSeatSecret()]));
    const firsts = new Map([["a", "Zoé"], ["b", "Max"], ["c", "Lou"]]);
    const open = {
      name: (id: string) => (firsts.has(id) ? { last: "Secret", first: firsts.get(id)! } : null),
      secret: (id: string) => (id === "c" ? null : (secrets.get(id) ?? null)),
    };
    const own = async (id: string) => makePupilKey((await seatKeys(secrets.get(id)!)).bind);
    const session = (seatId: string, key: { recipient: string; mac: string } | null): PresentSession => ({
      sessionId: `session-${seatId}`,
      seatId,
      via: key ? "link" : "code",
      own: false,
      device: "tablet",
      since: 0,
      firstNames: false,
      recipient: key?.recipient,
      mac: key?.mac,
    });
    const [a, b, c] = [await own("a"), await own("b"), await own("c")];
    const sessions = [
      session("a", a),
      session("b", { recipient: a.recipient, mac: b.mac }), // the server put another key
      session("c", c), // the secret is not known: nothing vouches
      session("d", null), // a typed code
    ];
    const seats = [...secrets.keys()].map((id) => ({ id }));
    const boxes = await firstNameBoxes("group", seats, sessions, open);
    expect(boxes.map((box) => box.sessionId)).toEqual(["session-a"]);
    const opened = await openFirstNames(await vouchKey((await seatKeys(secrets.get("a")!)).bind), a.identity, "group", fromBase64Url(boxes[0]!.sealed)!);
    expect([...opened]).toEqual([...firsts]);
  });
});
