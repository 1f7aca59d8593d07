/**
 * Gives a sitting's page again when there is no network: the page, its scripts,
 * pictures and sounds, as the page itself has kept them (src/storage/pages.ts).
 * It keeps nothing of its own, and answers for the sitting's page alone.
 */
const KEPT = "preau-sitting-page";
/** How long a network that does not answer is waited for, in ms, when there is a kept page. */
const PATIENCE = 5_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // A sitting differs from another by its query alone: the page is one.
  if (request.mode === "navigate") event.respondWith(fresh(request, url.pathname));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(kept(request.url, () => fetch(request)));
  else event.respondWith(fetch(request).catch((failure) => kept(request.url, () => Promise.reject(failure))));
});

/** The network's page, or the kept one when the network fails or is too slow. */
async function fresh(request, path) {
  const stored = await caches.match(path, { cacheName: KEPT });
  if (!stored) return fetch(request);
  let timer;
  const slow = new Promise((resolve) => (timer = setTimeout(() => resolve(stored), PATIENCE)));
  try {
    return await Promise.race([fetch(request), slow]);
  } catch {
    return stored;
  } finally {
    clearTimeout(timer);
  }
}

/** What is kept under an address, or else what another way gives. */
async function kept(address, otherwise) {
  return (await caches.match(address, { cacheName: KEPT, ignoreVary: true })) ?? otherwise();
}
