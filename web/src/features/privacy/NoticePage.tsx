import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { Gateway } from "@/features/session/Gateway";
import { useT } from "@/i18n";
import { ErrorState, Notice, Skeleton, TextField } from "@/ui";
import { type Notice as NoticeText, noticeQuery, noticesQuery } from "./api";
import { Facts, Items } from "./Facts";
import { folded } from "./person";
import "./privacy.css";

/** How many schools are listed at once. */
const LISTED = 50;

function Schools() {
  const t = useT("privacy");
  const { data, error, refetch } = useQuery(noticesQuery);
  const [text, setText] = useState("");
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={3} />;
  const only = data[0];
  if (!only) return <p>{t("notice_none")}</p>;
  if (data.length === 1) return <SchoolNotice school={only.school} />;
  const found = data.filter((item) => folded(item.name).includes(folded(text)));
  return (
    <section className="notice-part">
      <h2>{t("notice_choose")}</h2>
      <TextField label={t("notice_search")} type="search" value={text} onChange={setText} wide />
      {found.length === 0 && <p role="status">{t("notice_no_match")}</p>}
      <ul className="notice-schools">
        {found.slice(0, LISTED).map((item) => (
          <li key={item.school}>
            <Link href={`/confidentialite?ecole=${item.school}`}>{item.name}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Who({ notice }: { notice: NoticeText }) {
  const t = useT("privacy");
  const { controller } = notice;
  const facts = [{ name: t("notice_controller"), value: `${controller.name}, ${controller.role}, ${controller.contact}` }];
  if (notice.processor) facts.push({ name: t("notice_processor"), value: notice.processor });
  facts.push({ name: t("notice_dpo"), value: notice.dpo ?? t("none_named") });
  return (
    <section className="notice-part">
      <h2>{t("notice_who")}</h2>
      <Facts facts={facts} />
    </section>
  );
}

function What({ notice }: { notice: NoticeText }) {
  const t = useT("privacy");
  return (
    <section className="notice-part">
      <h2>{t("notice_what")}</h2>
      {notice.activities.map((activity) => (
        <details key={activity.name} className="privacy-table">
          <summary>{activity.name}</summary>
          <Facts
            facts={[
              { name: t("notice_why"), value: activity.purpose },
              { name: t("notice_basis"), value: activity.basis },
              { name: t("notice_people"), value: <Items items={activity.people} /> },
              { name: t("notice_data"), value: activity.data.length > 0 ? <Items items={activity.data} flow /> : t("people_none") },
              { name: t("notice_recipients"), value: activity.recipients },
              { name: t("notice_until"), value: <Items items={activity.limits} /> },
            ]}
          />
        </details>
      ))}
    </section>
  );
}

function SchoolNotice({ school }: { school: string }) {
  const t = useT("privacy");
  const { data, error, refetch } = useQuery(noticeQuery(school));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={8} />;
  return (
    <>
      <p className="notice-where">{data.school}</p>
      <Notice tone="info" title={t("notice_knows_not")}>
        {t("notice_may_name")}
      </Notice>
      <p>{t("notice_seat")}</p>
      <p>{t("notice_limit")}</p>
      <p>{t("notice_out")}</p>
      <Who notice={data} />
      <What notice={data} />
      <section className="notice-part">
        <h2>{t("notice_rights")}</h2>
        <p>{t("notice_rights_text")}</p>
        <p>{t("notice_pupil")}</p>
        <p>{t("notice_automatic")}</p>
        <p>{t("notice_cnil")}</p>
      </section>
      <section className="notice-part">
        <h2>{t("notice_cookies")}</h2>
        <p>{t("notice_cookies_text")}</p>
      </section>
    </>
  );
}

/** What a school tells everybody about the data it keeps. */
export default function NoticePage() {
  const t = useT("privacy");
  const [search] = useSearchParams();
  const school = search.get("ecole");
  return (
    <Gateway title={t("notice_title")} wide>
      {school ? (
        <>
          <SchoolNotice school={school} />
          <p className="no-print">
            <Link href="/confidentialite">{t("notice_back")}</Link>
          </p>
        </>
      ) : (
        <Schools />
      )}
    </Gateway>
  );
}
