import { useQuery } from "@tanstack/react-query";
import { useT } from "@/i18n";
import { BoxGroup, Checkbox, Notice, Select, TextField } from "@/ui";
import { type Audience, collectivesQuery, type Content, settingsQuery, themesQuery } from "../api";
import { usePlace } from "../place";

const audiences: readonly Audience[] = ["group", "school", "network", "public"];
const mostThemes = 6;

/** Splits what is typed into tags. */
export const tagsOf = (typed: string): string[] => [...new Set(typed.split(",").map((tag) => tag.trim()).filter(Boolean))].slice(0, 12);

/** Where a piece is filed, and how far it is seen. */
export function Filing({ content, onChange }: { content: Content; onChange: (part: Partial<Content>) => void }) {
  const t = useT("desk");
  const { school, groups } = usePlace();
  const settings = useQuery(settingsQuery(school));
  const themes = useQuery(themesQuery(school));
  const collectives = useQuery(collectivesQuery(school));
  const { about } = content;
  const set = (part: Partial<Content["about"]>) => onChange({ about: { ...about, ...part } });
  const widest = audiences.indexOf(settings.data?.widest ?? "school");
  const chosen = about.themes ?? [];
  return (
    <>
      {(themes.data?.length ?? 0) > 0 && (
        <BoxGroup label={t("themes")}>
          {themes.data?.map((theme) => (
            <Checkbox
              key={theme.id}
              checked={chosen.includes(theme.id)}
              disabled={!chosen.includes(theme.id) && chosen.length >= mostThemes}
              onChange={(on) => set({ themes: on ? [...chosen, theme.id] : chosen.filter((id) => id !== theme.id) })}
            >
              {theme.name}
            </Checkbox>
          ))}
        </BoxGroup>
      )}
      {(collectives.data?.length ?? 0) > 0 && (
        <Select
          label={t("collective")}
          value={about.collective || "none"}
          options={[{ id: "none", label: t("collective_none") }, ...(collectives.data ?? []).map((c) => ({ id: c.id, label: c.name }))]}
          onChange={(id) => set({ collective: id === "none" ? undefined : id })}
          wide
        />
      )}
      <Select
        label={t("audience")}
        value={about.audience}
        options={audiences.filter((a, i) => i <= widest && (a !== "group" || groups.length > 0)).map((id) => ({ id, label: t(`audience_${id}`) }))}
        onChange={(audience) => set({ audience, group: audience === "group" ? (about.group ?? groups[0]?.id) : undefined })}
        wide
      />
      {about.audience === "group" && groups.length > 1 && (
        <Select label={t("group")} value={about.group ?? null} options={groups.map((g) => ({ id: g.id, label: g.name }))} onChange={(group) => set({ group })} wide />
      )}
      {about.audience === "public" && <Notice tone="sun">{t("public_warning")}</Notice>}
      <TextField label={t("tags")} optional maxLength={400} defaultValue={(about.tags ?? []).join(", ")} help={t("tags_help")} onChange={(typed) => set({ tags: tagsOf(typed) })} wide />
    </>
  );
}
