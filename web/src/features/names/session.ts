/** The names known in this tab. One for all pages, so that moving between them asks the phrase once. */
import { onSignedOut } from "@/api";
import { namesApi } from "./api";
import { NamesVault } from "./vault";

export const names = new NamesVault(namesApi);

onSignedOut(() => names.clear());
