import { useQuery } from "@tanstack/react-query";
import { useT } from "@/i18n";
import type { DoorState } from "./api";
import { slipBind, thisEntry } from "./entry";

const nobody: ReadonlyMap<string, string> = new Map();

/** First names by seat, that a teacher's browser sealed to this one. Empty when it has not. */
export function useFirstNames(state: DoorState): ReadonlyMap<string, string> {
  const { identity } = thisEntry();
  const boxes = state.firstNames ?? [];
  const opened = useQuery({
    queryKey: ["first-names", state.session, boxes.map((b) => b.sealed)],
    enabled: identity !== null && boxes.length > 0,
    gcTime: 0,
    queryFn: async () => {
      const [{ openFirstNames, vouchKey }, { fromBase64Url }] = await Promise.all([import("@/features/names/pupilKey"), import("@/features/names/bytes")]);
      const bind = slipBind();
      const lists = await Promise.all(
        boxes.map(async (box) => {
          const sealed = fromBase64Url(box.sealed);
          return bind && identity && sealed ? [...(await openFirstNames(await vouchKey(bind), identity, box.groupId, sealed))] : [];
        }),
      );
      return new Map(lists.flat());
    },
  });
  return opened.data ?? nobody;
}

/** The first names of one's group, when they are shared. */
export function FirstNames({ state }: { state: DoorState }) {
  const t = useT("pupil");
  const names = useFirstNames(state);
  if (names.size === 0) return null;
  return (
    <section className="child-card" aria-labelledby="first-names">
      <h2 id="first-names">{t("first_names")}</h2>
      <ul className="child-groups">
        {[...new Set(names.values())].sort((a, b) => a.localeCompare(b, "fr")).map((name) => <li key={name}>{name}</li>)}
      </ul>
    </section>
  );
}
