import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, ErrorState, Form, Notice, Page, RadioGroup, Select, Skeleton, TextArea, TextField, toast } from "@/ui";
import { type Audience, consentsQuery, journalKey, type JournalSettings, setSettings, settingsQuery } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace } from "../place";

const audiences: readonly Audience[] = ["group", "school", "network", "public"];

function Settings({ set }: { set: JournalSettings }) {
  const t = useT("desk");
  const { school, me } = usePlace();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(set.opened);
  const [outside, setOutside] = useState(set.outside);
  const [widest, setWidest] = useState(set.widest);
  const [accessible, setAccessible] = useState(set.accessible ?? "none");
  const [directorAs, setDirectorAs] = useState(set.directorAs);
  const consents = useQuery({ ...consentsQuery(school), enabled: set.regime === "pupils" });
  const save = useMutation({
    mutationFn: (data: FormData) => {
      const text = (name: string) => String(data.get(name) ?? "").trim();
      return setSettings(school, {
        slug: text("slug"), title: text("title"), subtitle: text("subtitle"), opened, widest, outside,
        contributions: text("contributions") as JournalSettings["contributions"],
        director: text("director"), directorAs, directorConsent: directorAs === "pupil" ? text("directorConsent") || undefined : undefined,
        publisher: text("publisher"), host: text("host"), contact: text("contact"), howTo: text("howTo"), accessibility: text("accessibility"), accessible,
      });
    },
    onSuccess: async () => {
      toast(t("settings_saved"));
      await queries.invalidateQueries({ queryKey: journalKey(school) });
    },
  });
  const now = Date.now();
  const named = (consents.data ?? []).filter((c) => c.what === "name" && c.withdrawnAt === undefined && c.until > now);
  if (!me.head) {
    return (
      <Notice title={set.title}>
        <p>{t("settings_head")}</p>
        <p>{t("settings_director", { name: set.director })}</p>
        <p>{t("widest_is", { audience: t(`audience_${set.widest}`) })}</p>
      </Notice>
    );
  }
  return (
    <Form onSubmit={(data) => save.mutate(data)} error={save.error}>
      <Card title={t("settings_paper")}>
        <TextField label={t("settings_title")} name="title" required maxLength={80} defaultValue={set.title} wide />
        <TextField label={t("settings_subtitle")} name="subtitle" optional maxLength={160} defaultValue={set.subtitle} wide />
        <TextField label={t("settings_slug")} name="slug" required maxLength={40} defaultValue={set.slug} autoCapitalize="off" help={t("settings_slug_help")} />
        <Checkbox checked={opened} onChange={setOpened} detail={t("settings_opened_help")}>
          {t("settings_opened")}
        </Checkbox>
        <Select label={t("settings_widest")} value={widest} options={audiences.map((id) => ({ id, label: t(`audience_${id}`) }))} onChange={setWidest} help={t("settings_widest_help")} wide />
        <RadioGroup
          label={t("settings_contributions")}
          name="contributions"
          defaultValue={set.contributions}
          options={(["all", "members", "none"] as const).map((id) => ({ id, label: t(`contributions_${id}`) }))}
          help={t("settings_contributions_help")}
        />
        <Checkbox checked={outside} onChange={setOutside}>
          {t("settings_outside")}
        </Checkbox>
      </Card>
      <Card title={t("settings_law")} intro={t(`law_${set.regime}`)}>
        <TextField label={t("settings_director_name")} name="director" required maxLength={120} defaultValue={set.director} help={t("settings_director_help")} wide />
        <RadioGroup
          label={t("settings_director_as")}
          value={directorAs}
          onChange={setDirectorAs}
          options={(set.regime === "pupils" ? (["head", "adult", "pupil"] as const) : (["head", "adult"] as const)).map((id) => ({ id, label: t(`director_${id}`), detail: id === "pupil" ? t("director_pupil_help") : undefined }))}
        />
        {directorAs === "pupil" && (
          <Select
            label={t("director_consent")}
            name="directorConsent"
            required
            defaultValue={set.directorConsent || undefined}
            options={named.map((c) => ({ id: c.id, label: c.who || t("nobody"), detail: c.purpose }))}
            help={t("director_consent_help")}
            wide
          />
        )}
        <TextField label={t("settings_publisher")} name="publisher" required maxLength={240} defaultValue={set.publisher} wide />
        <TextField label={t("settings_host")} name="host" required={opened && widest === "public"} maxLength={240} defaultValue={set.host} help={t("settings_host_help")} wide />
        <TextField label={t("settings_contact")} name="contact" required maxLength={240} defaultValue={set.contact} wide />
        <p className="field-help">{set.addressDays > 0 ? t("settings_addresses", { count: set.addressDays }) : t("settings_no_addresses")}</p>
      </Card>
      <Card title={t("settings_pages")}>
        <TextArea label={t("settings_howto")} name="howTo" optional rows={5} maxLength={4000} defaultValue={set.howTo} wide />
        <Select label={t("settings_accessible")} value={accessible} options={(["none", "part", "full"] as const).map((id) => ({ id, label: t(`accessible_${id}`) }))} onChange={setAccessible} help={t("settings_accessible_help")} wide />
        <TextArea label={t("settings_accessibility")} name="accessibility" optional rows={5} maxLength={4000} defaultValue={set.accessibility} wide />
      </Card>
      <Actions>
        <Button type="submit" tone="main" pending={save.isPending}>
          {t(set.made ? "settings_save" : "make_journal")}
        </Button>
      </Actions>
    </Form>
  );
}

/** What the school decides for its journal. */
export default function SettingsPage() {
  const t = useT("desk");
  const { school } = usePlace();
  const settings = useQuery({ ...settingsQuery(school), refetchOnWindowFocus: false });
  return (
    <Page title={t("tab_settings")} narrow>
      <JournalTabs />
      {settings.data ? <Settings set={settings.data} /> : settings.error ? <ErrorState error={settings.error} onRetry={() => void settings.refetch()} /> : <Skeleton rows={8} />}
    </Page>
  );
}
