import createClient from "openapi-fetch";
import type { components, paths } from "./schema";
import { wire } from "./wire";

/** Calls typed by the server's own OpenAPI document. A failure is thrown as a Problem, so `data` is always there. */
export const api = createClient<paths>({ baseUrl: "/api/v1", fetch: wire });

/** The types of the API by name: `Schema<"Group">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** The data of a call of `api`. */
export async function unwrap<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

type Page<T> = { items: T[]; next?: string };

/** Every item of a list that comes by pages; `read` asks for the page after a cursor. */
export async function everyPage<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 200; pages++) {
    const page = await read(after);
    items.push(...page.items);
    if (!page.next) return items;
    after = page.next;
  }
  return items;
}
