import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs a certificate for the browsers of a home, as the Linux steps of the page say. */
export function trust(home: string, certificate: Buffer): void {
  const store = join(home, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  const file = join(home, "preau.crt");
  writeFileSync(file, certificate);
  execFileSync("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
  execFileSync("certutil", ["-d", `sql:${store}`, "-A", "-n", "Préau", "-t", "C,,", "-i", file]);
}
