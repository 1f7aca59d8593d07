import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components/Tabs";
import { Link, useRoute } from "wouter";
import "./Tabs.css";

/** Views of one thing, on one page. */
export function Tabs({ label, tabs, value, onChange }: { label: string; tabs: readonly { id: string; label: string; content: ReactNode }[]; value?: string; onChange?: (id: string) => void }) {
  return (
    <AriaTabs className="tabs" selectedKey={value} onSelectionChange={(key) => onChange?.(String(key))}>
      <TabList className="tab-list no-print" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

function PageLink({ href, label }: { href: string; label: string }) {
  const [current] = useRoute(href);
  return (
    <Link href={href} className="tab" aria-current={current ? "page" : undefined}>
      {label}
    </Link>
  );
}

/** The pages of one part of Préau, as links that look like tabs. */
export function PageTabs({ label, pages }: { label: string; pages: readonly { href: string; label: string }[] }) {
  return (
    <nav className="tab-list no-print" aria-label={label}>
      {pages.map((page) => (
        <PageLink key={page.href} {...page} />
      ))}
    </nav>
  );
}
