import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Notice } from "@/ui";
import type { Known } from "../live/fold";
import type { Person } from "../live/protocol";
import type { As } from "./Hall";
import type { Sealed } from "./useSealing";

function stateOf({ on, view }: Sealed): "open" | "waiting" | "unchecked" | "sealed" {
  if (!on) return "open";
  if (!view.hasKey) return "waiting";
  return view.checked ? "sealed" : "unchecked";
}

/** What protects the sound and the pictures, in a word; a press says it in sentences. */
export function SealButton({ as, sealed, known, nameOf }: { as: As; sealed: Sealed; known: Known; nameOf: (person: Person) => string }) {
  const t = useT("live");
  const [open, setOpen] = useState(false);
  const state = stateOf(sealed);
  const tu = as === "seat" ? "_tu" : "";
  const Icon = state === "sealed" ? ShieldCheck : ShieldAlert;
  const doubtful = known.people.filter((p) => p.here && sealed.view.unverified?.has(p.id));
  const compare = () => {
    setOpen(false);
    void sealed.sealing?.compare();
  };
  return (
    <>
      <Button tone="quiet" icon={<Icon aria-hidden size={18} />} onPress={() => setOpen(true)}>
        {t(`seal_${state}`)}
      </Button>
      <Dialog title={t("seal_title")} open={open} onClose={() => setOpen(false)}>
        <p>{state === "waiting" || state === "unchecked" ? t(`seal_${state}_text`) : t(`seal_${state}_text${tu}`)}</p>
        {state !== "open" && <p>{t("seal_limits")}</p>}
        {doubtful.length > 0 && (
          <>
            <p>{t("seal_doubtful", { count: doubtful.length })}</p>
            <ul className="seal-doubtful">
              {doubtful.map((person) => (
                <li key={person.id} translate="no">
                  {nameOf(person)}
                </li>
              ))}
            </ul>
          </>
        )}
        {sealed.view.holding && (
          <>
            <p>{t("code_text")}</p>
            <Actions>
              <Button tone="main" onPress={compare}>
                {t("code_compare")}
              </Button>
            </Actions>
          </>
        )}
      </Dialog>
    </>
  );
}

/** The security code, while people compare it. */
export function CodeNotice({ as, sealed }: { as: As; sealed: Sealed }) {
  const t = useT("live");
  const { code } = sealed.view;
  if (!code) return null;
  const tu = as === "seat" ? "_tu" : "";
  const hide = <Button onPress={() => sealed.sealing?.forgetCode()}>{t("dismiss")}</Button>;
  if (code.stage === "gathering") return <Notice>{t("code_gathering")}</Notice>;
  if (code.stage === "failed") {
    return (
      <Notice tone="brick" action={hide} alert>
        {t(as === "staff" ? "code_failed_staff" : "code_failed")}
      </Notice>
    );
  }
  return (
    <Notice tone="tree" title={t("code_title")} action={hide} alert>
      <p className="security-code">{`${code.digits.slice(0, 3)} ${code.digits.slice(3)}`}</p>
      <p>{t(as === "staff" ? "code_shown_staff" : `code_shown${tu}`)}</p>
    </Notice>
  );
}
