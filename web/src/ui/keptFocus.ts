import { useEffect } from "react";

/** Where focus was: the control, and what held it, from the inside out. */
type Place = { control: Element; holders: readonly Element[]; row: Element | null; list: Element | null; at: number };

/** How many places are remembered: a question, what asked it, and what that stood in. */
const REMEMBERED = 12;
/** A closed dialog gives focus back by itself within a frame. */
const WAIT_MS = 60;
/** How long a page may take to put something in the place of what went, in milliseconds. */
const PATIENCE_MS = 5000;

const CONTROLS = 'a[href], button:not([disabled]), input:not([type="hidden"], [disabled]), textarea:not([disabled]), select:not([disabled]), summary, [tabindex="0"]';
const PARTS = 'section, [role="dialog"], [role="alertdialog"], main';

function placeOf(control: Element): Place {
  const holders: Element[] = [];
  for (let holder = control.parentElement; holder && holder !== document.body && holder.id !== "root"; holder = holder.parentElement) holders.push(holder);
  const row = control.closest("tbody > tr, li");
  const list = row?.parentElement ?? null;
  return { control, holders, row, list, at: list && row ? [...list.children].indexOf(row) : 0 };
}

const seen = (element: Element) => element.isConnected && element.checkVisibility() && !element.closest('[aria-hidden="true"], [inert]');

function firstControl(row: Element | undefined): HTMLElement | undefined {
  return [...(row?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])].find(seen);
}

function headingOf(part: Element | null | undefined): HTMLElement | undefined {
  return [...(part?.querySelectorAll<HTMLElement>("h1, h2, h3") ?? [])].find(seen);
}

/** What stands nearest to a place: its own row, the row that took its rank, else the heading of the part of the page that it was in. */
function nearest({ row, list, at, holders }: Place): HTMLElement | undefined {
  const beside = row?.isConnected ? firstControl(row) : list?.isConnected ? firstControl(list.children[Math.min(at, list.children.length - 1)]) : undefined;
  if (beside) return beside;
  for (let part = holders.find(seen)?.closest(PARTS); part; part = part.parentElement?.closest(PARTS)) {
    const heading = headingOf(part);
    if (heading) return heading;
  }
  return undefined;
}

/** The control to go back to: the last one that still stands, else what is nearest to where it was. */
function refuge(places: readonly Place[]): HTMLElement | undefined {
  for (const place of places.toReversed()) {
    if (place.control instanceof HTMLElement && place.control.matches(CONTROLS) && seen(place.control)) return place.control;
    const near = nearest(place);
    if (near) return near;
  }
  return undefined;
}

function take(target: HTMLElement): void {
  if (!target.matches(CONTROLS)) target.tabIndex = -1;
  target.focus();
}

/**
 * The one rule of focus after an action. When what had focus is gone from the
 * page, or hidden with it, focus goes to the row that took its place, else to
 * the heading of the part it was in; never silently to the top of the document.
 * Used once, at the root.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let places: Place[] = [];
    let here: Element | null = null;
    let lostAt = 0;
    let timer = 0;
    const free = () => document.activeElement === document.body || document.activeElement === null;
    const look = () => {
      if (!lostAt) return;
      if (!free() || performance.now() - lostAt > PATIENCE_MS) {
        lostAt = 0;
        return;
      }
      const target = refuge(places);
      if (target) take(target);
      if (free()) timer = window.setTimeout(look, WAIT_MS);
    };
    const lose = () => {
      here = null;
      lostAt = performance.now();
      window.clearTimeout(timer);
      timer = window.setTimeout(look, WAIT_MS);
    };
    const arrive = (event: FocusEvent) => {
      if (!(event.target instanceof Element)) return;
      here = event.target;
      lostAt = 0;
      places = [...places.slice(1 - REMEMBERED), placeOf(here)];
    };
    const depart = (event: FocusEvent) => {
      const left = event.target;
      // Removed by React, it is still there while this event is heard.
      if (left instanceof Element && event.relatedTarget === null) queueMicrotask(() => (left !== here || !free() ? undefined : seen(left) ? (here = null) : lose()));
    };
    const point = () => (lostAt = 0);
    const watch = new MutationObserver(() => {
      if (here && !here.isConnected && free()) lose();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", arrive);
    document.addEventListener("focusout", depart);
    document.addEventListener("pointerdown", point);
    return () => {
      window.clearTimeout(timer);
      watch.disconnect();
      document.removeEventListener("focusin", arrive);
      document.removeEventListener("focusout", depart);
      document.removeEventListener("pointerdown", point);
    };
  }, []);
}
