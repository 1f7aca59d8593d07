import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, ComboBox, Dialog, Form } from "@/ui";
import type { Names } from "../names/useNames";
import { swapSlips } from "./change";
import type { SlipSeat } from "./useSlips";

interface SwapDialogProps {
  schoolId: string;
  open: boolean;
  onClose: () => void;
  /** Seats whose secrets can be read here. */
  seats: readonly SlipSeat[];
  names: Names;
  /** Told what was done, and what remains to do. */
  onDone: (what: string) => void;
}

/** Asks which two slips were given to each other's pupil, and exchanges them. */
export function SwapDialog({ schoolId, open, onClose, seats, names, onDone }: SwapDialogProps) {
  const t = useT("slips");
  const [a, setA] = useState<string | null>(null);
  const [b, setB] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const options = seats.map((s) => ({ id: s.seat.id, label: s.name ? `${s.name.last} ${s.name.first}` : s.seat.pseudonym, detail: s.seat.pseudonym }));
  const pseudonym = (id: string) => seats.find((s) => s.seat.id === id)?.seat.pseudonym ?? "";

  const close = () => {
    setA(null);
    setB(null);
    setError(null);
    onClose();
  };
  const swap = async () => {
    if (!a || !b) return;
    setPending(true);
    setError(null);
    try {
      await swapSlips(schoolId, a, b, names);
      onDone(t("swapped", { a: pseudonym(a), b: pseudonym(b) }));
      close();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog title={t("swap")} open={open} onClose={close}>
      <p>{t("swap_text")}</p>
      <Form onSubmit={() => void swap()} error={error}>
        <ComboBox label={t("swap_a")} options={options.filter((o) => o.id !== b)} value={a} onChange={setA} required />
        <ComboBox label={t("swap_b")} options={options.filter((o) => o.id !== a)} value={b} onChange={setB} required />
        <Actions>
          <Button type="submit" tone="main" pending={pending}>
            {t("swap_do")}
          </Button>
          <Button onPress={close} disabled={pending}>
            {t("cancel")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
