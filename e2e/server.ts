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
  dpoLink: string;
  phrase: string;
  seatLink: string;
  secondSeatLink: string;
  code: string;
  school: string;
  group: string;
  campaign: string;
}

/** A server on its own data folder and its own port, stopped and removed at the end. */
export class Server {
  private constructor(
    readonly origin: string,
    readonly dataDir: string,
    private readonly command: string[],
    private child: ChildProcess,
    readonly output: string[],
    private readonly namespace?: string,
  ) {}

  /** Starts the demonstration school. */
  static demo(): Promise<Server> {
    return Server.start("demo");
  }

  /** Starts the demonstration school before its head has made the journal. */
  static withoutJournal(): Promise<Server> {
    return Server.start("demo", { flags: ["--empty-journal"] });
  }

  /** Starts an installation with nothing in it. */
  static empty(): Promise<Server> {
    return Server.start("serve");
  }

  /** Starts on a folder that is there already, and removes it at the end. */
  static on(dataDir: string): Promise<Server> {
    return Server.start("serve", { dataDir });
  }

  /** Starts an empty installation with its own authority, at `https://preau.test`; `plain` is its address without TLS. */
  static async local(): Promise<{ server: Server; plain: string }> {
    const [port, plainPort] = [await freePort(), await freePort()];
    const server = await Server.start("serve", {
      origin: `https://preau.test:${port}`,
      flags: ["--tls-mode", "local", "--local-names", "preau.test", "--listen-http", `127.0.0.1:${plainPort}`],
    });
    return { server, plain: `http://preau.test:${plainPort}` };
  }

  /** Starts the demonstration school in a network namespace, at `https://preau.test` on the port of the web, with its own authority. */
  static inside(namespace: string, address: string): Promise<Server> {
    return Server.start("demo", { origin: "https://preau.test", listen: `${address}:443`, namespace, flags: ["--tls-mode", "local", "--local-names", "preau.test", "--listen-http", "none"] });
  }

  private static async start(verb: "demo" | "serve", { dataDir, origin, listen, namespace, flags }: { dataDir?: string; origin?: string; listen?: string; namespace?: string; flags?: string[] } = {}): Promise<Server> {
    dataDir ??= mkdtempSync(join(tmpdir(), "preau-e2e-"));
    origin ??= `http://localhost:${await freePort()}`;
    const command = [verb, "--data-dir", dataDir, "--listen", listen ?? `127.0.0.1:${new URL(origin).port}`, "--origin", origin, "--media-udp-port", "0", "--media-tcp-port", "0", "--metrics-listen", "none", ...(flags ?? [])];
    const output: string[] = [];
    const server = new Server(origin, dataDir, command, launch(command, output, namespace), output, namespace);
    await server.ready();
    return server;
  }

  private async ready(): Promise<void> {
    const limit = Date.now() + 60_000;
    while (Date.now() < limit) {
      if (this.child.exitCode !== null) throw new Error(`the server stopped:\n${this.output.join("")}`);
      // Nothing here trusts the authority that the server made: it is believed when it says that it serves.
      const ready = this.origin.startsWith("https:") ? this.output.join("").includes("msg=serving") : (await fetch(`${this.origin}/readyz`).catch(() => null))?.ok;
      if (ready && (this.command[0] !== "demo" || existsSync(join(this.dataDir, "access.json")))) return;
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
    await this.kill();
    await this.restart();
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await end(this.child, signal);
  }

  async restart(): Promise<void> {
    rmSync(join(this.dataDir, "access.json"), { force: true }); // written again once it is ready
    this.child = launch(this.command, this.output, this.namespace);
    await this.ready();
  }

  /** Runs another command of the binary on this data folder and gives what it wrote. */
  run(...args: string[]): Promise<string> {
    return run(...args, "--data-dir", this.dataDir);
  }

  async stop(): Promise<void> {
    await end(this.child, "SIGTERM");
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Runs a command of the binary and gives what it wrote. */
export async function run(...args: string[]): Promise<string> {
  const output: string[] = [];
  const child = launch(args, output);
  const code = await new Promise<number | null>((r) => child.on("close", r));
  if (code !== 0) throw new Error(`preau ${args.join(" ")} ended with ${code}:\n${output.join("")}`);
  return output.join("");
}

function launch(command: string[], output: string[], namespace?: string): ChildProcess {
  if (!existsSync(binary)) throw new Error("bin/preau is missing: run make build");
  const [program, ...args] = namespace ? ["ip", "netns", "exec", namespace, binary, ...command] : [binary, ...command];
  const child = spawn(program ?? binary, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TZ: "Europe/Paris" } });
  child.stdout.on("data", (d: Buffer) => output.push(d.toString()));
  child.stderr.on("data", (d: Buffer) => output.push(d.toString()));
  return child;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
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
