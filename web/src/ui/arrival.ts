let navigated = false;

/** Told by the router when the person goes from one page to another, and by a page that puts another in its own place. */
export function noteNavigation(): void {
  navigated = true;
}

/** Whether this page was reached from another page of Préau, rather than loaded. */
export function hasNavigated(): boolean {
  return navigated;
}
