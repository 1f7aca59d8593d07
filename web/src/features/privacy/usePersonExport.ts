import { useMutation } from "@tanstack/react-query";
import { useFormat, useLocale, useT } from "@/i18n";
import type { Export } from "./api";
import { download } from "./download";
import { asHTML, asJSON, fileName } from "./exportFile";

/** Whose export, how to get it, and what the browser knows of them. */
export type Person = { label: string; name: string | null; read: () => Promise<Export> };

/** Makes the two files of an export on this device: a page to read, and the data. */
export function usePersonExport() {
  const t = useT("privacy");
  const format = useFormat();
  const locale = useLocale();
  return useMutation({
    mutationFn: async (person: Person) => {
      const data = await person.read();
      const html = asHTML(data, person.name, {
        lang: locale,
        title: t("file_title"),
        made: t("file_made", { date: format.moment(data.madeAt) }),
        school: t("file_school", { school: data.school }),
        name: t("file_name", { name: person.name ?? "" }),
        nameNote: t("file_name_note"),
        withheld: t("file_withheld"),
        leftOff: (count) => t("file_left_off", { count }),
        moment: (at) => `${format.date(at)}, ${format.time(at)}`,
      });
      download(fileName(person.label, "html"), "text/html", html);
      download(fileName(person.label, "json"), "application/json", asJSON(data, person.name));
    },
  });
}
