import { Hand } from "lucide-react";
import { useT } from "@/i18n";
import { Button } from "@/ui";
import { useRoom } from "./context";

/** Raised hands, first come first, with what staff can do about each. */
export function Hands() {
  const t = useT("live");
  const { known, leads, helps, nameOf, act } = useRoom();
  if (known.hands.length === 0) return <p className="side-empty">{t("hands_none")}</p>;
  return (
    <>
      <ol className="hands" aria-label={t("hands")}>
        {known.hands.map((who, i) => (
          <li key={who}>
            <span className="hand-place" aria-hidden>
              {i + 1}
            </span>
            <Hand aria-hidden size={18} />
            <span translate="no">{nameOf(who)}</span>
            {helps(who) && (
              <Button label={t("lower_of", { name: nameOf(who) })} onPress={() => void act("lower", { who })}>
                {t("lower")}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {leads && <Button onPress={() => void act("lower", { who: null })}>{t("lower_all")}</Button>}
    </>
  );
}
