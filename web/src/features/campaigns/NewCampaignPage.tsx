import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { endOfDay } from "@/features/school/moment";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, DateField, ErrorState, type Faults, Form, LinkButton, Notice, Page, Select, Skeleton, TextArea, TextField } from "@/ui";
import { GroupBoxes } from "./GroupBoxes";
import { bankQuery, makeCampaign, testQuery } from "./api";

const DAY = 86_400_000;

/** Gives a test of the bank to groups, between two days. */
export default function NewCampaignPage() {
  const t = useT("campaigns");
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const bank = useQuery(bankQuery(school.id));
  const groups = useQuery(groupsQuery(school.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const [given, setGiven] = useState<readonly string[]>([]);
  const [askEach, setAskEach] = useState(false);
  const [calculator, setCalculator] = useState(false);
  const [showResults, setShowResults] = useState(true);
  const test = chosen ?? bank.data?.[0]?.id ?? null;
  const detail = useQuery({ ...testQuery(school.id, test ?? ""), enabled: test !== null });
  const make = useMutation({
    mutationFn: (body: Parameters<typeof makeCampaign>[1]) => makeCampaign(school.id, body),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["school", school.id, "campaigns"] });
      go(`/evaluations/${id}`);
    },
  });
  if (!bank.data || !groups.data) {
    const error = bank.error ?? groups.error;
    return <Page title={t("give")} back={{ href: "/evaluations", label: t("title") }}>{error ? <ErrorState error={error} onRetry={() => void bank.refetch()} /> : <Skeleton rows={6} />}</Page>;
  }
  if (bank.data.length === 0) {
    return (
      <Page title={t("give")} back={{ href: "/evaluations", label: t("title") }}>
        <Notice action={<LinkButton href="/evaluations/banque">{t("bank")}</LinkButton>}>{t("bank_empty_first")}</Notice>
      </Page>
    );
  }
  const submit = (data: FormData): Faults | undefined => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const from = endOfDay(text("from"), school.zone) - DAY + 1;
    const to = endOfDay(text("to"), school.zone);
    make.mutate({
      packageId: test ?? "", title: text("title"), opensAt: from, closesAt: to, groups: [...given],
      policy: { ...(text("aloudText") ? { aloud: { title: text("aloudTitle") || text("title"), text: text("aloudText") } } : {}), sequences: [], calculator, askEach, showResults, upward: "nothing", controller: text("controller"), basis: text("basis"), notice: text("notice"), objection: text("objection") },
    });
    return undefined;
  };
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Page title={t("give")} intro={t("give_intro")} back={{ href: "/evaluations", label: t("title") }} narrow>
      <Form onSubmit={submit} error={make.error}>
        <Select label={t("test")} value={test} onChange={setChosen} options={bank.data.map((p) => ({ id: p.id, label: p.title, detail: t("questions", { count: p.items }) }))} wide />
        {detail.data && <p className="card-intro">{t("parts_of", { count: detail.data.parts.length, what: detail.data.parts.map((p) => p.title || p.id).join(", ") })}</p>}
        <TextField key={test} label={t("campaign_title")} name="title" required maxLength={120} defaultValue={bank.data.find((p) => p.id === test)?.title} wide />
        <DateField label={t("from")} name="from" required defaultValue={today} />
        <DateField label={t("to")} name="to" required />
        <GroupBoxes label={t("groups")} groups={groups.data} given={given} onChange={setGiven} />
        <Checkbox checked={askEach} onChange={setAskEach} detail={t("ask_each_help")}>
          {t("ask_each")}
        </Checkbox>
        <Checkbox checked={calculator} onChange={setCalculator}>
          {t("calculator")}
        </Checkbox>
        <Checkbox checked={showResults} onChange={setShowResults}>
          {t("show_results")}
        </Checkbox>
        <TextField label={t("aloud_title")} name="aloudTitle" maxLength={120} optional wide />
        <TextArea label={t("aloud_text")} name="aloudText" maxLength={6000} optional help={t("aloud_help")} />
        <h2>{t("families")}</h2>
        <TextField label={t("controller")} name="controller" required maxLength={240} defaultValue="" help={t("controller_help")} wide />
        <TextField label={t("basis")} name="basis" required maxLength={480} defaultValue={t("basis_default")} wide />
        <TextArea label={t("notice")} name="notice" required maxLength={4000} defaultValue={t("notice_default")} />
        <TextField label={t("objection")} name="objection" required maxLength={480} defaultValue={t("objection_default")} wide />
        <Notice tone="tree">{t("nothing_leaves")}</Notice>
        <Actions>
          <Button type="submit" tone="main" pending={make.isPending}>
            {t("make")}
          </Button>
        </Actions>
      </Form>
    </Page>
  );
}
