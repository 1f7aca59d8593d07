import { useQuery } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { Card, ErrorState, Notice, Skeleton } from "@/ui";
import { type Register, registerQuery } from "./api";
import { Facts, Items } from "./Facts";

/** A file that the server writes: not a page of the client. */
function FileLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className="button button-plain" href={href} download>
      <FileDown aria-hidden size={18} />
      <span>{children}</span>
    </a>
  );
}

function Controller({ register }: { register: Register }) {
  const t = useT("privacy");
  const { school } = register;
  return (
    <Facts
      facts={[
        { name: t("r_controller"), value: `${school.controllerName}, ${school.controllerRole}, ${school.controllerContact}` },
        { name: t("r_processor"), value: school.processor ?? t("none_named") },
        { name: t("r_dpo"), value: school.dpoContact ?? t("none_named") },
      ]}
    />
  );
}

/** The register of processing activities (GDPR article 30). */
export function RegisterTab({ school }: { school: string }) {
  const t = useT("privacy");
  const { data, error, refetch } = useQuery(registerQuery(school));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={8} />;
  const files = `/api/v1/schools/${school}/privacy/register`;
  return (
    <div className="privacy-tab">
      <Card
        title={t("register_title")}
        intro={t("register_intro")}
        action={
          <div className="privacy-files no-print">
            <FileLink href={`${files}.ods`}>{t("download_ods")}</FileLink>
            <FileLink href={`${files}.csv`}>{t("download_csv")}</FileLink>
          </div>
        }
      >
        <Controller register={data} />
        {(data.school.processor === null || data.school.dpoContact === null) && <Notice tone="sun">{t("school_gap")}</Notice>}
      </Card>
      {data.activities.map((activity) => (
        <Card key={activity.id} title={activity.name}>
          <Facts
            facts={[
              { name: t("r_purpose"), value: activity.purpose },
              { name: t("r_basis"), value: activity.basis },
              { name: t("r_people"), value: <Items items={activity.people} /> },
              { name: t("r_data"), value: activity.data.length > 0 ? <Items items={activity.data} flow /> : t("people_none") },
              { name: t("r_recipients"), value: activity.recipients },
              { name: t("r_transfers"), value: activity.transfers },
              { name: t("r_limits"), value: <Items items={activity.limits} /> },
              { name: t("r_security"), value: activity.security },
            ]}
          />
        </Card>
      ))}
    </div>
  );
}
