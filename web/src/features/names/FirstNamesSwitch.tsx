import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Switch } from "@/ui";
import { NamesProblem } from "./refusal";
import { names as vault } from "./session";
import { firstNameBoxes, type PresentSession } from "./shareFirstNames";
import { useLoadedNames } from "./useNames";

interface Props {
  schoolId: string;
  groupId: string;
  seats: readonly { id: string }[];
  /** Who is in now, asked again by the page. */
  present: readonly PresentSession[];
}

/**
 * Lets the pupils of a group see first names. While it is on, this page also
 * gives them to those who come; it has to stay open for that.
 */
export function FirstNamesSwitch({ schoolId, groupId, seats, present }: Props) {
  const t = useT("names");
  const queries = useQueryClient();
  const names = useLoadedNames(schoolId, [groupId]);
  const [chosen, setChosen] = useState<boolean | null>(() => (vault.sharing.has(groupId) ? true : null));
  const [error, setError] = useState<unknown>(null);
  const given = useRef(new Set<string>());
  const on = chosen ?? present.some((session) => session.firstNames);
  const open = names.status === "ready" && names.view.count > 0;
  const ready = open && names.progress === null;

  useEffect(() => {
    if (!on || !ready) return;
    // A session shows a little before the key of its browser does, and the key may change.
    const box = (session: PresentSession) => `${session.sessionId} ${session.recipient ?? ""}`;
    const fresh = present.filter((session) => !session.firstNames && session.recipient && !given.current.has(box(session)));
    if (fresh.length === 0) return;
    for (const session of fresh) given.current.add(box(session));
    const open = { name: (id: string) => names.name(id), secret: (id: string) => names.secret(id) };
    firstNameBoxes(groupId, seats, fresh, open)
      .then((boxes) => {
        // Whom nothing vouches for yet may be vouched for once more of the names are loaded.
        const made = new Set(boxes.map((b) => b.sessionId));
        for (const session of fresh) if (!made.has(session.sessionId)) given.current.delete(box(session));
        return boxes.length === 0 ? undefined : vault.api.putFirstNames(schoolId, groupId, boxes);
      })
      .then(
        () => setError(null),
        (refusal: unknown) => {
          for (const session of fresh) given.current.delete(box(session));
          setError(refusal);
        },
      );
  }, [on, ready, present, seats, groupId, schoolId, names]);

  const change = async (to: boolean) => {
    setChosen(to);
    if (to) vault.sharing.add(groupId);
    else vault.sharing.delete(groupId);
    given.current.clear();
    if (to) return;
    try {
      await vault.api.deleteFirstNames(schoolId, groupId);
      setError(null);
      await queries.invalidateQueries({ queryKey: ["school", schoolId, "presence", groupId] });
    } catch (refusal) {
      setChosen(null);
      setError(refusal);
    }
  };

  const seeing = present.filter((session) => session.firstNames).length;
  const typed = present.filter((session) => session.via === "code").length;
  const reached = names.status !== "ready" ? t("first_names_closed", { count: seeing }) : seeing === 0 ? t("first_names_nobody") : t("first_names_seeing", { count: seeing });
  const detail = on ? `${reached}${typed > 0 ? ` ${t("first_names_typed", { count: typed })}` : ""}` : t(open ? "first_names_detail" : "first_names_closed_off");
  return (
    <>
      <Switch checked={on} onChange={(to) => void change(to)} disabled={!open && !on} detail={detail}>
        {t("first_names")}
      </Switch>
      {error !== null && <NamesProblem error={error} />}
    </>
  );
}
