import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, FileDrop, Form, TextArea } from "@/ui";
import { GroupBoxes } from "./GroupBoxes";
import { openFile, type PublishedCampaign } from "./files";

/** Longest opening, with its comments: what the server takes. */
const LONGEST = 4096;

/** Opens an accepted campaign with what its publisher publishes on the day, and gives it to groups. */
export function OpeningForm({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const groups = useQuery(groupsQuery(school.id));
  const [code, setCode] = useState("");
  const [given, setGiven] = useState<readonly string[]>([]);
  const [askEach, setAskEach] = useState(false);
  const [showResults, setShowResults] = useState(true);
  const open = useMutation({
    mutationFn: () => openFile(school.id, file.id, { opening: code.trim(), groups: [...given], askEach, showResults }),
    onSuccess: async () => {
      go(`/evaluations/${file.id}`);
      await queries.invalidateQueries({ queryKey: ["school", school.id] });
    },
  });
  return (
    <Card title={t("opening_title")} intro={t("opening_text")}>
      <Form onSubmit={() => open.mutate()} error={open.error}>
        <TextArea label={t("opening_code")} name="opening" required maxLength={LONGEST} value={code} onChange={setCode} help={t("opening_help")} wide />
        <FileDrop label={t("opening_drop")} action={t("choose")} accept={[".txt", ".opening"]} onFile={(chosen) => void chosen.slice(0, LONGEST).text().then(setCode)} />
        <GroupBoxes label={t("groups")} groups={groups.data ?? []} given={given} onChange={setGiven} />
        <Checkbox checked={askEach} onChange={setAskEach} detail={t("ask_each_help")}>
          {t("ask_each")}
        </Checkbox>
        <Checkbox checked={showResults} onChange={setShowResults}>
          {t("show_results")}
        </Checkbox>
        <Actions>
          <Button type="submit" tone="main" pending={open.isPending}>
            {t("open")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}
