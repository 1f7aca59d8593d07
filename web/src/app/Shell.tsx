import { CircleUser, Database, IdCard, LogOut, Newspaper, PencilLine, Presentation, School, Sun, Users } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { Mark } from "@/features/session/Mark";
import { useSignOut } from "@/features/session/me";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, OfflineBanner, Select, SkipLink } from "@/ui";
import "./Shell.css";

function RailLink({ href, icon, children }: { href: string; icon: ReactNode; children: ReactNode }) {
  const [path] = useLocation();
  const current = path === href || path.startsWith(`${href}/`);
  const line = useRef<HTMLLIElement>(null);
  // On a phone the bar may be wider than the screen.
  useEffect(() => {
    if (current) line.current?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [current]);
  return (
    <li ref={line}>
      <Link href={href} className="rail-link" aria-current={current ? "page" : undefined}>
        {icon}
        <span>{children}</span>
      </Link>
    </li>
  );
}

function Rail() {
  const t = useT("session");
  const { me, school, schools, rights, choose } = useWork();
  const signOut = useSignOut();
  return (
    <header className="rail no-print">
      <div className="rail-head">
        <Link href="/aujourdhui" className="rail-mark">
          <Mark />
          <span>{t("name")}</span>
        </Link>
        {schools.length > 1 ? (
          <Select label={t("school")} value={school.id} onChange={choose} options={schools.map((s) => ({ id: s.id, label: s.name }))} />
        ) : (
          <p className="rail-school">{school.name}</p>
        )}
      </div>
      <nav aria-label={t("nav")}>
        <ul className="rail-list">
          <RailLink href="/aujourdhui" icon={<Sun aria-hidden size={22} />}>
            {t("nav_today")}
          </RailLink>
          <RailLink href="/groupes" icon={<Users aria-hidden size={22} />}>
            {t("nav_groups")}
          </RailLink>
          {rights.comesToLessons && (
            <RailLink href="/seances" icon={<Presentation aria-hidden size={22} />}>
              {t("nav_lessons")}
            </RailLink>
          )}
          {rights.assesses && (
            <RailLink href="/evaluations" icon={<PencilLine aria-hidden size={22} />}>
              {t("nav_assessments")}
            </RailLink>
          )}
          <RailLink href="/redaction" icon={<Newspaper aria-hidden size={22} />}>
            {t("nav_journal")}
          </RailLink>
          {rights.seesNames && (
            <RailLink href="/noms" icon={<IdCard aria-hidden size={22} />}>
              {t("nav_names")}
            </RailLink>
          )}
          {rights.knowsStaff && (
            <RailLink href="/etablissement" icon={<School aria-hidden size={22} />}>
              {t("nav_school")}
            </RailLink>
          )}
          {rights.seesData && (
            <RailLink href="/donnees" icon={<Database aria-hidden size={22} />}>
              {t("nav_data")}
            </RailLink>
          )}
        </ul>
      </nav>
      <div className="rail-foot">
        <Link href="/compte" className="rail-link">
          <CircleUser aria-hidden size={22} />
          <span>{me.staff.name}</span>
        </Link>
        <Button tone="quiet" icon={<LogOut aria-hidden size={18} />} onPress={() => signOut.mutate()} pending={signOut.isPending}>
          {t("sign_out")}
        </Button>
      </div>
    </header>
  );
}

/** The narrow rail and the page beside it; on a phone, a bar at the bottom. Without `work`, the frame alone. */
export function Shell({ children, work }: { children: ReactNode; work?: boolean }) {
  return (
    <>
      <SkipLink />
      <div className="shell">
        {work ? <Rail /> : <div className="rail" />}
        <div className="shell-page">
          <OfflineBanner />
          <main id="contenu" tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
    </>
  );
}
