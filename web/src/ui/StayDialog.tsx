import { type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useT } from "@/i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Actions } from "./Form";
import { type Ask, Asking } from "./Leaving";

type Props = {
  /** Whether leaving loses something. */
  while: boolean;
  title: string;
  children: ReactNode;
  /** The verb of leaving all the same. */
  action: string;
};

/** Asks before this page is left by a link; closing or reloading the tab is asked by the browser, in its own words. */
export function StayDialog({ while: held, title, children, action }: Props) {
  const t = useT("ui");
  const ask = useContext(Asking);
  const [going, setGoing] = useState<{ go: () => void } | null>(null);
  const hold = useMemo<Ask>(() => (go) => setGoing({ go }), []);
  useEffect(() => {
    if (!held) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    ask.current = hold;
    window.addEventListener("beforeunload", stay);
    return () => {
      ask.current = null;
      window.removeEventListener("beforeunload", stay);
    };
  }, [held, hold, ask]);
  return (
    <Dialog title={title} open={going !== null} onClose={() => setGoing(null)} alert>
      {children}
      <Actions>
        <Button tone="main" onPress={() => setGoing(null)}>
          {t("stay")}
        </Button>
        <Button
          tone="danger"
          onPress={() => {
            setGoing(null);
            going?.go();
          }}
        >
          {action}
        </Button>
      </Actions>
    </Dialog>
  );
}
