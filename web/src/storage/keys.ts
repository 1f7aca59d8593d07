/** Everything that the client may keep in a browser, declared. Nothing else may touch browser storage. */
export interface StorageKey {
  /** The key, or the name of the database. */
  name: string;
  where: "localStorage" | "sessionStorage" | "indexedDB";
  /** What is kept there. */
  what: string;
  /** How long. */
  keep: string;
}

export const storageKeys = [
  {
    name: "preau-names",
    where: "indexedDB",
    what: "On a device marked as one's own: the person's key for names, encrypted by a key that the browser does not give out, and the newest version seen of each record.",
    keep: "Until the person forgets this device.",
  },
  {
    name: "preau-names-pins",
    where: "localStorage",
    what: "Per person and school, the six words of the names key that was accepted. Public, not secret.",
    keep: "Until the person forgets this device, or accepts another key.",
  },
] as const satisfies readonly StorageKey[];
