import { lazy, Suspense, useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, ComboBox, Dialog, Form, Skeleton, TextField } from "@/ui";
import type { Bytes } from "../names/bytes";
import { readSeatSecret } from "../names/seatSecret";
import type { Names } from "../names/useNames";
import { attachSpare } from "./change";
import type { SlipSeat } from "./useSlips";

const Scan = lazy(() => import("../door/Scan"));

/** Attaches a slip of reserve, which the adult has in hand, to the seat of a pupil who lost theirs. */
export function SpareDialog({ schoolId, open, onClose, seats, names, onDone }: { schoolId: string; open: boolean; onClose: () => void; seats: readonly SlipSeat[]; names: Names; onDone: (what: string) => void }) {
  const t = useT("slips");
  const [seat, setSeat] = useState<string | null>(null);
  const [scanned, setScanned] = useState<Bytes | null>(null);
  const [scanning, setScanning] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => {
    setSeat(null);
    setScanned(null);
    setScanning(false);
    setError(null);
    onClose();
  };
  const attach = (data: FormData) => {
    const secret = scanned ?? readSeatSecret(String(data.get("key") ?? "").replaceAll(/\s/g, ""));
    if (!secret) return { key: t("spare_bad_key") };
    if (!seat) return undefined;
    setPending(true);
    setError(null);
    attachSpare(schoolId, seat, secret, names)
      .then(() => {
        onDone(t("spare_attached", { pseudonym: seats.find((s) => s.seat.id === seat)?.seat.pseudonym ?? "" }));
        close();
      })
      .catch((refusal: unknown) => setError(refusal))
      .finally(() => setPending(false));
    return undefined;
  };
  return (
    <Dialog title={t("spare_attach")} open={open} onClose={close}>
      <p>{t("spare_attach_text")}</p>
      {scanning ? (
        <Suspense fallback={<Skeleton rows={3} />}>
          <Scan
            words={{ help: t("spare_scan_help"), stop: t("spare_type") }}
            onSecret={(secret) => {
              setScanned(secret);
              setScanning(false);
            }}
            onStop={() => setScanning(false)}
          />
        </Suspense>
      ) : (
        <Form onSubmit={attach} error={error}>
          <ComboBox label={t("spare_seat")} options={seats.map((s) => ({ id: s.seat.id, label: s.name ? `${s.name.last} ${s.name.first}` : s.seat.pseudonym, detail: s.seat.pseudonym }))} value={seat} onChange={setSeat} required />
          {scanned ? <p role="status">{t("spare_scanned")}</p> : <TextField label={t("spare_key")} name="key" maxLength={40} required help={t("spare_key_help")} />}
          <Actions>
            <Button type="submit" tone="main" pending={pending}>
              {t("spare_attach_do")}
            </Button>
            {!scanned && <Button onPress={() => setScanning(true)}>{t("spare_scan")}</Button>}
          </Actions>
        </Form>
      )}
    </Dialog>
  );
}
