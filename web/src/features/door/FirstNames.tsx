import { useQuery } from "@tanstack/react-query";
import { useT } from "@/i18n";
import type { DoorState } from "./api";
import { thisEntry } from "./entry";

/** First names that a teacher's browser sealed to this one, when it has. */
export function FirstNames({ state }: { state: DoorState }) {
  const t = useT("pupil");
  const { identity, vouch } = thisEntry();
  const boxes = state.firstNames ?? [];
  const opened = useQuery({
    queryKey: ["first-names", state.session, boxes.map((b) => b.sealed)],
    enabled: identity !== null && vouch !== null && boxes.length > 0,
    gcTime: 0,
    queryFn: async () => {
      const [{ openFirstNames }, { fromBase64Url }] = await Promise.all([import("@/features/names/pupilKey"), import("@/features/names/bytes")]);
      const lists = await Promise.all(
        boxes.map(async (box) => {
          const [sealed, key] = [fromBase64Url(box.sealed), fromBase64Url(vouch ?? "")];
          return identity && key && sealed ? [...(await openFirstNames(key, identity, box.groupId, sealed)).values()] : [];
        }),
      );
      return [...new Set(lists.flat())].sort((a, b) => a.localeCompare(b, "fr"));
    },
  });
  if (!opened.data?.length) return null;
  return (
    <section className="child-card" aria-labelledby="first-names">
      <h2 id="first-names">{t("first_names")}</h2>
      <ul className="child-groups">
        {opened.data.map((name) => <li key={name}>{name}</li>)}
      </ul>
    </section>
  );
}
