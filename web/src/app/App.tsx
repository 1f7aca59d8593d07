import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { makeQueryClient } from "@/api/query";
import { useLocale } from "@/i18n";
import { Leaving, Toasts, useKeptFocus } from "@/ui";
import { Guard } from "./Guard";
import { Pages } from "./Pages";

/** The whole client: what every page stands in. */
export function App() {
  const [queries] = useState(makeQueryClient);
  const locale = useLocale();
  useKeptFocus();
  return (
    <I18nProvider locale={locale === "en" ? "en-GB" : "fr-FR"}>
      <QueryClientProvider client={queries}>
        <Suspense>
          <Guard whole>
            <Leaving>
              <Pages />
            </Leaving>
          </Guard>
          <Toasts />
        </Suspense>
      </QueryClientProvider>
    </I18nProvider>
  );
}
