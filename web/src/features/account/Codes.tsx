import { LifeBuoy } from "lucide-react";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog, Dialog, Notice, PrintButton } from "@/ui";
import { useMakeCodes } from "./api";

/** The codes, once, to print or copy by hand. */
function Sheet({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useT("account");
  const format = useFormat();
  const { staff } = useWork().me;
  return (
    <Dialog title={t("codes_sheet", { name: staff.name })} open onClose={onClose} firm full>
      <p>{t("codes_sheet_text", { date: format.date(Date.now()) })}</p>
      <p>{window.location.host}</p>
      <ol className="codes">
        {codes.map((code) => (
          <li key={code} className="code">
            {code}
          </li>
        ))}
      </ol>
      <div className="no-print">
        <Notice tone="sun">{t("codes_once")}</Notice>
      </div>
      <div className="no-print">
        <Actions>
          <PrintButton word={t("codes_print")} tone="main" />
          <Button onPress={onClose}>{t("codes_kept")}</Button>
        </Actions>
      </div>
    </Dialog>
  );
}

/** Recovery codes: ten, each of which works once, for the day when everything else is lost. */
export function Codes() {
  const t = useT("account");
  const { staff } = useWork().me;
  const make = useMakeCodes();
  const [asking, setAsking] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Card
      title={t("codes")}
      intro={staff.recoveryCodesLeft === 0 ? t("codes_none") : t("codes_left", { count: staff.recoveryCodesLeft })}
      action={
        <Button icon={<LifeBuoy aria-hidden size={18} />} onPress={() => setAsking(true)}>
          {t("codes_make")}
        </Button>
      }
    >
      <ConfirmDialog
        title={t("codes_make_title")}
        action={t("codes_make")}
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={async () => setCodes(await make.mutateAsync())}
      >
        <p>{t("codes_make_text")}</p>
      </ConfirmDialog>
      {codes && <Sheet codes={codes} onClose={() => setCodes(null)} />}
    </Card>
  );
}
