import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, Form, ProblemNotice, Progress, RadioGroup, TextField, toast } from "@/ui";
import { usePlace } from "../place";
import { aboutBytes, fetchCopy, planQuery, type Scope } from "./moves";

function save(copy: Blob, format: string): void {
  const url = URL.createObjectURL(copy);
  const link = document.createElement("a");
  link.href = url;
  link.download = `journal-${format}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A copy of the journal, made as it is fetched. */
export function TakeAway() {
  const t = useT("movers");
  const { school, me } = usePlace();
  const [scope, setScope] = useState<Scope>("public");
  const [format, setFormat] = useState<"site" | "markdown">("site");
  const [bytes, setBytes] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const plan = useQuery(planQuery(school, scope));
  const take = useMutation({
    mutationFn: async (licence: string) => {
      setBytes(0);
      stop.current = new AbortController();
      save(await fetchCopy(school, { format, scope, licence }, stop.current.signal, setBytes), format);
    },
    onSuccess: () => toast(t("copy_done")),
  });
  const stopped = stop.current?.signal.aborted ?? false;
  const kilo = (n: number) => Math.ceil(n / 1000);
  return (
    <Card title={t("copy")} intro={t("copy_intro")}>
      {plan.error && <ProblemNotice problem={plan.error} />}
      {take.error && !stopped && <ProblemNotice problem={take.error} />}
      <Form onSubmit={(data) => take.mutate(String(data.get("licence") ?? "").trim())}>
        <RadioGroup
          label={t("copy_format")}
          value={format}
          onChange={setFormat}
          options={[
            { id: "site", label: t("copy_site"), detail: t("copy_site_detail") },
            { id: "markdown", label: t("copy_markdown"), detail: t("copy_markdown_detail") },
          ]}
        />
        {me.head && (
          <RadioGroup
            label={t("copy_scope")}
            value={scope}
            onChange={setScope}
            options={[
              { id: "public", label: t("copy_public") },
              { id: "school", label: t("copy_school") },
            ]}
          />
        )}
        <TextField label={t("copy_licence")} name="licence" optional maxLength={200} wide />
        {plan.data && (
          <p>
            {t("plan_pieces", { count: plan.data.pieces })}, {t("plan_files", { count: plan.data.files })}
            {plan.data.held + plan.data.removed > 0 && ` · ${t("plan_left", { count: plan.data.held + plan.data.removed })}`}
          </p>
        )}
        {take.isPending && plan.data && <Progress label={t("copy_going")} done={kilo(bytes)} total={Math.max(kilo(bytes), kilo(aboutBytes(plan.data)))} onStop={() => stop.current?.abort()} />}
        <Actions>
          <Button type="submit" tone="main" pending={take.isPending} disabled={!plan.data}>
            {t("copy_make")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}
