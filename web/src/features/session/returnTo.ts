import { keys, read, remove, write } from "@/storage";

const HOME = "/aujourdhui";

/** Whether a path is one of this origin's pages, and not an address elsewhere. */
export function isOurs(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && !path.startsWith("/connexion");
}

let leaving = false;

/** Who signs out goes nowhere next: whoever signs in after starts at home. False when signing out failed. */
export function rememberNothing(signingOut: boolean): void {
  leaving = signingOut;
  if (signingOut) remove(keys.returnTo);
}

/** Remembers where the person was going, until they have signed in. */
export function rememberReturn(path: string): void {
  if (!leaving && isOurs(path)) write(keys.returnTo, path);
}

/** Whether somebody was sent here from a page that asks to be signed in. */
export function isReturning(): boolean {
  const path = read(keys.returnTo);
  return path !== null && isOurs(path);
}

/** Where to go once signed in; forgotten when read. */
export function takeReturn(): string {
  const path = read(keys.returnTo);
  remove(keys.returnTo);
  return path !== null && isOurs(path) ? path : HOME;
}

let token = "";

/**
 * The token of a one-time link, read after # and removed from the address bar
 * at once. It stays known to this page until forgotten, whatever suspends.
 */
export function linkToken(): string {
  const found = window.location.hash.slice(1);
  if (found) {
    token = found;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }
  return token;
}

/** Forgets the token, once it has served. */
export function forgetToken(): void {
  token = "";
}
