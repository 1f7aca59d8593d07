import { Eraser, FileDown } from "lucide-react";
import { useT } from "@/i18n";
import { Button } from "@/ui";

/** The two answers to a person's request. */
export function PersonActs({ who, pending, onExport, onErase }: { who: string; pending: boolean; onExport: () => void; onErase: () => void }) {
  const t = useT("privacy");
  return (
    <div className="privacy-acts">
      <Button icon={<FileDown aria-hidden size={18} />} label={t("export_label", { who })} onPress={onExport} pending={pending}>
        {t("export")}
      </Button>
      <Button tone="danger" icon={<Eraser aria-hidden size={18} />} label={t("erase_label", { who })} onPress={onErase}>
        {t("erase")}
      </Button>
    </div>
  );
}
