import { useState } from "react";
import { useT } from "@/i18n";
import { Button, Copyable, ProblemNotice, RadioGroup, Switch } from "@/ui";
import type { Preset, Right } from "../live/protocol";
import { useRoom } from "./context";

const presets: readonly Preset[] = ["cours", "debat", "evaluation", "silence"];
/** Drawing comes with the board. */
const shown = ["microphone", "camera", "screen", "chat", "reactions"] as const satisfies readonly Right[];

/** What holds for the whole lesson; each choice takes effect at once. */
export function Settings() {
  const t = useT("live");
  const { known, act } = useRoom();
  const { lesson } = known;
  return (
    <div className="settings">
      <RadioGroup
        label={t("preset")}
        value={lesson.preset || undefined}
        onChange={(preset) => void act("preset", { preset })}
        options={presets.map((id) => ({ id, label: t(`preset_name_${id}`), detail: t(`preset_detail_${id}`) }))}
      />
      <fieldset>
        <legend>{t("rights_all")}</legend>
        {shown.map((right) => (
          <Switch key={right} checked={lesson.rights[right]} onChange={(on) => void act("rights", { rights: { [right]: on } })}>
            {t(`right_${right}`)}
          </Switch>
        ))}
        <Switch checked={lesson.cameras === "staff"} onChange={(on) => void act("cameras", { to: on ? "staff" : "everyone" })} detail={t("cameras_detail")}>
          {t("cameras_staff")}
        </Switch>
        <div className="form-actions">
          <Button onPress={() => void act("mute_all", { sticky: true })}>{t("mute_all_sticky")}</Button>
        </div>
      </fieldset>
      <RadioGroup
        label={t("chat_mode")}
        value={lesson.chat}
        onChange={(mode) => void act("chat", { to: mode })}
        options={(["everyone", "moderated", "staff", "closed"] as const).map((id) => ({ id, label: t(`chat_${id}`) }))}
      />
      <fieldset>
        <legend>{t("door")}</legend>
        <Switch checked={lesson.locked} onChange={(on) => void act("lock", { to: on })} detail={t("lock_detail")}>
          {t("lock")}
        </Switch>
        <Guests />
      </fieldset>
    </div>
  );
}

/** The link by which guests knock: opened, renewed, closed. */
function Guests() {
  const t = useT("live");
  const { known, live, act } = useRoom();
  const [link, setLink] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const open = known.lesson.guests;
  const ask = async (members: Record<string, unknown>) => {
    try {
      const done = await live.ask("guests", members);
      setLink(typeof done.link === "string" ? `${window.location.origin}/invite#${done.link}` : null);
      setRefusal(null);
    } catch (error) {
      setRefusal(error);
    }
  };
  return (
    <>
      <Switch checked={open} onChange={(on) => (on ? void ask({ open: true }) : void act("guests", { open: false }))} detail={t("guests_detail")}>
        {t("guests")}
      </Switch>
      {refusal !== null && <ProblemNotice problem={refusal} />}
      {open && link && <Copyable text={link} label={t("guests_link")} />}
      {open && (
        <div className="form-actions">
          {!link && <Button onPress={() => void ask({ open: true })}>{t("guests_show")}</Button>}
          <Button onPress={() => void ask({ renew: true })}>{t("guests_renew")}</Button>
        </div>
      )}
    </>
  );
}
