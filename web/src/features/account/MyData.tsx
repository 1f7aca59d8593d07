import { Download } from "lucide-react";
import { exportMe } from "@/features/privacy/api";
import { ExportDone } from "@/features/privacy/ExportDone";
import { usePersonExport } from "@/features/privacy/usePersonExport";
import { useT } from "@/i18n";
import { Button, Card, ErrorState } from "@/ui";

/** What is kept about oneself, as two files (GDPR articles 15 and 20). */
export function MyData() {
  const t = useT("account");
  const make = usePersonExport();
  const get = () => make.mutate({ label: "compte", name: null, read: exportMe });
  return (
    <Card
      title={t("my_data")}
      intro={t("my_data_intro")}
      action={
        <Button icon={<Download aria-hidden size={18} />} onPress={get} pending={make.isPending}>
          {t("my_data_get")}
        </Button>
      }
    >
      {make.isError && <ErrorState error={make.error} onRetry={get} />}
      <ExportDone done={make.isSuccess} />
    </Card>
  );
}
