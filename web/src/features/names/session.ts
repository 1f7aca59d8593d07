/** The names known in this tab. One for all pages, so that moving between them asks the phrase once. */
import { call, onSignedOut } from "@/api";
import { namesApi } from "./api";
import { NamesVault } from "./vault";

/** Sealing and opening a whole school's names takes the network its time, in milliseconds. */
const PATIENCE = 60_000;

export const names = new NamesVault(namesApi((method, path, body) => call(method, path, { body, patience: PATIENCE })));

onSignedOut(() => names.clear());
