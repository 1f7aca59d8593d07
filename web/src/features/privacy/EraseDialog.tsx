import { useState } from "react";
import { Abandoned } from "@/api/problem";
import { useProof } from "@/features/session/Proof";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, RadioGroup, TextField, toast } from "@/ui";
import type { Reason } from "./api";
import { confirms } from "./person";

type Props = {
  /** What will go, and what will not. */
  text: string;
  /** Asks to type `wanted`. */
  ask: string;
  wanted: string;
  onErase: (reason: Reason) => Promise<unknown>;
  onClose: () => void;
};

/** Erases a person's data: a reason, and a typed confirmation. */
export function EraseDialog({ text, ask, wanted, onErase, onClose }: Props) {
  const t = useT("privacy");
  const prove = useProof();
  const [reason, setReason] = useState<Reason>("asked");
  const [typed, setTyped] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const erase = async () => {
    if (!confirms(typed, wanted)) return { typed: t("erase_type_wrong") };
    setPending(true);
    setError(null);
    try {
      await prove(() => onErase(reason));
      toast(t("erased"));
      onClose();
    } catch (problem) {
      if (!(problem instanceof Abandoned)) setError(problem);
    } finally {
      setPending(false);
    }
    return undefined;
  };
  return (
    <Dialog title={t("erase_title")} open onClose={onClose} alert>
      <p>{text}</p>
      <p>{t("erase_backup")}</p>
      <Form onSubmit={erase} error={error}>
        <RadioGroup
          label={t("erase_reason")}
          value={reason}
          onChange={setReason}
          options={[
            { id: "asked", label: t("reason_asked") },
            { id: "objection", label: t("reason_objection") },
            { id: "left", label: t("reason_left") },
            { id: "mistake", label: t("reason_mistake") },
          ]}
        />
        <TextField
          label={ask}
          value={typed}
          name="typed"
          onChange={setTyped}
          autoComplete="off"
          required
        />
        <Actions>
          <Button type="submit" tone="danger" pending={pending}>
            {t("erase")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
