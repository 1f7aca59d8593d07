/** The names known in this tab. One for all pages, so that moving between them asks the phrase once. */
import { type Ask, namesApi } from "./api";
import { NamesVault } from "./vault";

const ask: Ask = async (method, path, body) => {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: "same-origin",
    headers: body === undefined ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 404 && path === "/me/key") return null;
  const text = await response.text();
  if (!response.ok) throw new Error((JSON.parse(text || "{}") as { detail?: string }).detail ?? String(response.status));
  return text === "" ? null : (JSON.parse(text) as unknown);
};

export const names = new NamesVault(namesApi(ask));
