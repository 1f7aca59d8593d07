import { keys } from "./keys";

/** Where the worker is: public/sitting-worker.js. */
const WORKER = "/sitting-worker.js";

/** What the page on screen is made of: itself and what it has loaded of this site's own files. */
function parts(path: string): string[] {
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const own = loaded.filter((url) => url.origin === location.origin && /^\/(assets|pictures|sounds)\//.test(url.pathname));
  return [path, "/favicon.svg", ...new Set(own.map((url) => url.pathname))];
}

/** Resolves once a worker answers for the page. */
function active(registration: ServiceWorkerRegistration): Promise<void> {
  const coming = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (coming?.state === "activated") resolve();
      if (!coming || coming.state === "redundant") reject(new Error("the worker was not taken"));
    };
    coming?.addEventListener("statechange", look);
    look();
  });
}

/**
 * Keeps the page on screen, at this path whatever its query, on this device with
 * these files, so that it opens again without network. A browser that refuses keeps nothing, and the page is
 * then only as good as the network.
 */
export async function keepPage(path: string, files: string[]): Promise<void> {
  try {
    await active(await navigator.serviceWorker.register(WORKER, { scope: path }));
    const store = await caches.open(keys.sittingPage.name);
    const [page, ...others] = [...parts(path), ...files].map((one) => new URL(one, location.origin).href) as [string, ...string[]];
    const held = (await store.keys()).map((request) => request.url);
    const keep = async (url: string) => {
      const answer = await fetch(url);
      if (answer.status === 200) await store.put(url, answer);
    };
    await Promise.all(others.filter((url) => !held.includes(url)).map(keep));
    // The page goes last: what it asks for is there before it is.
    await keep(page);
    await Promise.all(held.filter((url) => url !== page && !others.includes(url)).map((url) => store.delete(url)));
  } catch {
    // No worker or no room (a private window, a full disk, a network just lost): what was kept before stays.
  }
}

/** Forgets the page that was kept. */
export async function forgetPage(path: string): Promise<void> {
  try {
    await caches.delete(keys.sittingPage.name);
    await (await navigator.serviceWorker.getRegistration(path))?.unregister();
  } catch {
    // A browser without them keeps nothing: there is nothing to forget.
  }
}
