import { useQuery } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { useT } from "@/i18n";
import { Card, type Column, ErrorState, Notice, Skeleton, Table } from "@/ui";
import { type DataMap, mapQuery } from "./api";
import { Facts, Items } from "./Facts";

type MapColumn = DataMap["tables"][number]["columns"][number];

const whose = { seat: "whose_seat", staff: "whose_staff", school: "whose_school", none: "whose_none" } as const;
const out = { shown: "out_shown", secret: "out_secret", sealed: "out_sealed", technical: "out_technical" } as const;

function useColumns(): Column<MapColumn>[] {
  const t = useT("privacy");
  return [
    { id: "data", head: t("map_data"), main: true, cell: (column) => column.text },
    { id: "whose", head: t("map_whose"), cell: (column) => t(whose[column.whose]) },
    { id: "export", head: t("map_export"), cell: (column) => t(out[column.export]) },
    { id: "erasure", head: t("map_erasure"), cell: (column) => column.stays || t(column.erased ? "erased_yes" : "erased_no") },
  ];
}

/** What the server knows and does not know, in words, then datum by datum. */
export function MapTab({ school }: { school: string }) {
  const t = useT("privacy");
  const { data, error, refetch } = useQuery(mapQuery(school));
  const columns = useColumns();
  return (
    <div className="privacy-tab">
      <Card title={t("map_title")}>
        <div className="privacy-knows">
          <section>
            <h3>
              <EyeOff aria-hidden size={20} /> {t("map_not_title")}
            </h3>
            <Items items={[t("map_not_names"), t("map_not_secrets"), t("map_not_addresses"), t("map_not_more")]} />
          </section>
          <section>
            <h3>
              <Eye aria-hidden size={20} /> {t("map_does_title")}
            </h3>
            <Items items={[t("map_does_seat"), t("map_does_staff")]} />
          </section>
        </div>
        <Notice tone="sun">
          <p>{t("map_still")}</p>
          <p>{t("map_page")}</p>
        </Notice>
      </Card>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : (
        <>
          <Card title={t("map_columns")}>
            {data.tables.map((table) => (
              <details key={table.name} className="privacy-table">
                <summary>{table.text}</summary>
                <Items items={table.limits} />
                <Table label={table.text} rows={table.columns} columns={columns} rowId={(column) => column.name} />
              </details>
            ))}
          </Card>
          <Card title={t("map_storage")}>
            <Facts facts={data.storage.map((key) => ({ name: key.name, value: key.text }))} />
          </Card>
          <Card title={t("map_logs")}>
            <p className="privacy-note">{data.logs.map((field) => field.name).join(", ")}</p>
          </Card>
        </>
      )}
    </div>
  );
}
