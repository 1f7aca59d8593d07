import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(import.meta.dirname, "../bin/preau");

/** What the demonstration school prints, from its `access.json`. */
export interface Access {
  origin: string;
  staffLink: string;
  headLink: string;
  phrase: string;
  seatLink: string;
  secondSeatLink: string;
  code: string;
  school: string;
  group: string;
}

/** A server on its own data folder and its own port, stopped and removed at the end. */
export class Server {
  private constructor(
    readonly origin: string,
    readonly dataDir: string,
    private readonly command: string[],
    private child: ChildProcess,
    readonly output: string[],
  ) {}

  /** Starts the demonstration school. */
  static demo(): Promise<Server> {
    return Server.start("demo");
  }

  /** Starts an installation with nothing in it. */
  static empty(): Promise<Server> {
    return Server.start("serve");
  }

  private static async start(verb: "demo" | "serve"): Promise<Server> {
    const dataDir = mkdtempSync(join(tmpdir(), "preau-e2e-"));
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const command = [verb, "--data-dir", dataDir, "--listen", `127.0.0.1:${port}`, "--origin", origin, "--media-udp-port", "0", "--media-tcp-port", "0", "--metrics-listen", "none"];
    const output: string[] = [];
    const server = new Server(origin, dataDir, command, launch(command, output), output);
    await server.ready();
    return server;
  }

  private async ready(): Promise<void> {
    const limit = Date.now() + 60_000;
    while (Date.now() < limit) {
      if (this.child.exitCode !== null) throw new Error(`the server stopped:\n${this.output.join("")}`);
      const answer = await fetch(`${this.origin}/readyz`).catch(() => null);
      if (answer?.ok && (this.command[0] !== "demo" || existsSync(join(this.dataDir, "access.json")))) return;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error(`the server is not ready:\n${this.output.join("")}`);
  }

  access(): Access {
    return JSON.parse(readFileSync(join(this.dataDir, "access.json"), "utf8")) as Access;
  }

  /** The one-time link of an installation with no school, as printed. */
  async setupLink(): Promise<string> {
    const limit = Date.now() + 10_000;
    while (Date.now() < limit) {
      const link = /https?:\/\/\S+\/installation#\S+/.exec(this.output.join(""));
      if (link) return link[0];
      await new Promise((r) => setTimeout(r, 50));
    }
    throw new Error(`no set-up link in:\n${this.output.join("")}`);
  }

  /** Kills the server as a power cut would, and starts it again on the same folder. */
  async killAndRestart(): Promise<void> {
    await end(this.child, "SIGKILL");
    this.child = launch(this.command, this.output);
    await this.ready();
  }

  /** Runs another command of the binary on this data folder and gives what it wrote. */
  async run(...args: string[]): Promise<string> {
    const output: string[] = [];
    const child = launch([...args, "--data-dir", this.dataDir], output);
    const code = await new Promise<number | null>((r) => child.on("close", r));
    if (code !== 0) throw new Error(`preau ${args.join(" ")} ended with ${code}:\n${output.join("")}`);
    return output.join("");
  }

  async stop(): Promise<void> {
    await end(this.child, "SIGTERM");
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function launch(command: string[], output: string[]): ChildProcess {
  if (!existsSync(binary)) throw new Error("bin/preau is missing: run make build");
  const child = spawn(binary, command, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TZ: "Europe/Paris" } });
  child.stdout.on("data", (d: Buffer) => output.push(d.toString()));
  child.stderr.on("data", (d: Buffer) => output.push(d.toString()));
  return child;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.on("exit", () => done());
    child.kill(signal);
  });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      if (address === null || typeof address === "string") return fail(new Error("no port"));
      probe.close(() => done(address.port));
    });
  });
}
