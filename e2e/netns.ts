import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const settings = "/etc/netns"; // what `ip netns exec` lays over /etc, a folder for each namespace

/** Why this machine cannot make networks of its own, or null where it can. */
export function whyNoNetworks(): string | null {
  const name = `preau-try-${process.pid}`;
  try {
    execFileSync("ip", ["netns", "add", name], { stdio: "pipe" });
    execFileSync("ip", ["netns", "del", name], { stdio: "pipe" });
    return null;
  } catch (e) {
    return `network namespaces need Linux, iproute2 and CAP_NET_ADMIN: ${e instanceof Error ? e.message.trim() : String(e)}`;
  }
}

/** Places joined by cables, none of which leads to the Internet or to the machine itself. */
export class Networks {
  private readonly places: string[] = [];
  private readonly scripts = mkdtempSync(join(tmpdir(), "preau-networks-"));
  private cables = 0;

  /** A place that knows the given names (`address name`) and asks no DNS server. */
  add(place: string, ...hosts: string[]): void {
    const name = this.named(place);
    run("ip", "netns", "add", name);
    this.places.push(place);
    run("ip", "-n", name, "link", "set", "lo", "up");
    mkdirSync(join(settings, name), { recursive: true });
    writeFileSync(join(settings, name, "hosts"), ["127.0.0.1 localhost", ...hosts, ""].join("\n"));
    writeFileSync(join(settings, name, "resolv.conf"), "nameserver 127.0.0.1\n"); // where nobody answers
  }

  /** What this place is called by `ip netns`. */
  named(place: string): string {
    return `preau-${process.pid}-${place}`;
  }

  /** Joins two places with a cable; an end has an address, or is plugged into a bridge of its place. */
  cable(one: { place: string; end: string; on: string }, other: { place: string; end: string; on: string }): void {
    const temporary = [`pv${process.pid % 100_000}a${this.cables}`, `pv${process.pid % 100_000}b${this.cables++}`] as const;
    run("ip", "link", "add", temporary[0], "type", "veth", "peer", "name", temporary[1]);
    for (const [i, { place, end, on }] of [one, other].entries()) {
      run("ip", "link", "set", temporary[i] ?? "", "netns", this.named(place), "name", end);
      if (on.includes("/")) this.in(place, "ip", "address", "add", on, "dev", end);
      else this.in(place, "ip", "link", "set", end, "master", on);
      this.in(place, "ip", "link", "set", end, "up");
    }
  }

  /** Runs a program in a place and gives what it wrote. */
  in(place: string, ...command: string[]): string {
    return run("ip", "netns", "exec", this.named(place), ...command);
  }

  /** Starts a program in a place. */
  start(place: string, command: string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    return spawn("ip", ["netns", "exec", this.named(place), ...command], { stdio: ["pipe", "pipe", "pipe"], env });
  }

  /** A script that runs a program in a place, for those who can only be told a path. */
  script(place: string, program: string): string {
    const path = join(this.scripts, place);
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.named(place)} ${program} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Packets that met the rules of an iptables chain with a target and what follows it, as `iptables -S` writes them. */
  met(place: string, table: string, chain: string, rule: RegExp): number {
    let packets = 0;
    for (const line of this.in(place, "iptables", "-t", table, "-v", "-S", chain).split("\n")) {
      if (rule.test(line)) packets += Number(/-c (\d+)/.exec(line)?.[1] ?? 0);
    }
    return packets;
  }

  remove(): void {
    for (const place of this.places) {
      run("ip", "netns", "del", this.named(place));
      rmSync(join(settings, this.named(place)), { recursive: true });
    }
    rmSync(this.scripts, { recursive: true });
  }
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
