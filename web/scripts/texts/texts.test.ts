import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { catalogueKeys, keysOfServer, named } from "./catalogue";
import { programOf, type Scan, scan } from "./scan";

const root = resolve(import.meta.dirname, "../..");
const plantedPath = "src/features/planted/Planted.tsx";
const planted = `
import { type T, useT } from "@/i18n";
import { toast } from "@/ui";
declare const kind: "one" | "two";
declare const any: string;
const table: Record<string, string> = { a: "from_table", b: "also_from_table" };
const words: Partial<Record<string, { title: string; text?: string }>> = { a: { title: "first" }, b: { title: "second", text: "rest" } };
const list = [{ id: "x", text: "from_list" }] as const;
export function Helper({ t }: { t: T }) {
  return <i>{t("passed_on")}</i>;
}
export function Planted() {
  const t = useT("planted");
  const said = words[any];
  toast("Enregistré");
  return (
    <section title="Un titre" aria-label={any ? "Oui" : t("fine")} className="not read">
      Bonjour
      {any === "compared" && "Au revoir"}
      {\`Il reste \${any}\`}
      <b>Préau</b> · 12
      {t("literal")} {t(any ? "yes" : "no")} {t(\`kind_\${kind}\`)} {list.map((l) => t(l.text))}
      {t(table[any] ?? "or_else")} <code>age --version</code>
      {said && t(said.title)} {said?.text && t(said.text)}
      {t(any)}
      {[{ id: "Identifier", label: "Un mot" }, { id: "x", label: "key_of_catalogue" }].map((o) => o.label)}
    </section>
  );
}
`;

let all: Scan;
let keys: Set<string>;

beforeAll(() => {
  all = scan(programOf(root, { [plantedPath]: planted }), root);
  keys = catalogueKeys(root);
}, 120_000);

const of = <Item extends { file: string }>(items: readonly Item[], isPlanted: boolean) => items.filter((item) => (item.file === plantedPath) === isPlanted);
const place = (item: { file: string; line: number }) => `${item.file}:${item.line}`;

describe("texts of the client", () => {
  it("are all in the catalogue, none in the sources", () => {
    expect(of(all.faults, false).map((fault) => `${place(fault)} ${fault.what}: ${fault.text}`)).toEqual([]);
  });

  it("exist for each key used", () => {
    const absent = of(all.uses, false).filter((use) => !use.domains.some((domain) => keys.has(`${domain}.${use.key}`)));
    expect(absent.map((use) => `${place(use)} ${use.domains.join("|")}.${use.key}`)).toEqual([]);
  });

  it("are each used, by the client or the server", () => {
    const used = keysOfServer(root, keys);
    for (const use of all.uses) for (const domain of use.domains) used.add(`${domain}.${use.key}`);
    expect([...keys].filter((key) => !used.has(key)).sort()).toEqual([]);
  });
});

describe("the reading of sources", () => {
  it("finds what is planted in them", () => {
    expect(of(all.faults, true).map((fault) => fault.text)).toEqual(['"Enregistré"', '"Un titre"', '"Oui"', expect.stringContaining("Bonjour"), '"Au revoir"', expect.stringContaining("Il reste"), "t(any)", '"Un mot"']);
  });

  it("knows every value that a key can take, and its domain", () => {
    expect(of(all.uses, true).map((use) => `${use.domains.join("|")}.${use.key}`)).toEqual([
      "planted.passed_on",
      "planted.fine",
      "planted.literal",
      "planted.yes",
      "planted.no",
      "planted.kind_one",
      "planted.kind_two",
      "planted.from_list",
      "planted.from_table",
      "planted.also_from_table",
      "planted.or_else",
      "planted.first",
      "planted.second",
      "planted.rest",
    ]);
  });

  it("joins the two halves of a key of the server", () => {
    const found = named(new Set(["http.title_", "conflict", "http.internal", "http."]), new Set(["http.title_conflict", "http.title_gone", "http.internal", "http.conflict", "store.busy"]));
    expect([...found]).toEqual(["http.title_conflict", "http.internal", "http.conflict"]);
    const paged = named(new Set(["journal.", "month_", "got_", "reply", "waiting"]), new Set(["journal.month_12", "journal.month_next", "journal.got_reply_waiting", "journal.got_reply_lost", "desk.month_12"]));
    expect([...paged]).toEqual(["journal.month_12", "journal.got_reply_waiting"]);
  });
});
