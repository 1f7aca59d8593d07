import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Format, useFormat } from "@/i18n";
import type { Me } from "./me";
import { type MySchool, type Rights, rightsIn } from "./rights";

/** Who works, where, and what they may do there: given by the shell to every page of staff. */
export type Work = {
  me: Me;
  school: MySchool;
  schools: readonly MySchool[];
  rights: Rights;
  /** Goes to another of one's schools. */
  choose: (school: string) => void;
};

const WorkContext = createContext<Work | null>(null);

/** Puts the pages in one school. */
export function WorkProvider({ me, school, schools, choose, children }: Omit<Work, "rights"> & { children: ReactNode }) {
  const value = useMemo(() => ({ me, school, schools, choose, rights: rightsIn(school.id, me.grants) }), [me, school, schools, choose]);
  return <WorkContext value={value}>{children}</WorkContext>;
}

/** Who works, where, and what they may do there. For pages inside the shell of staff. */
export function useWork(): Work {
  const work = useContext(WorkContext);
  if (!work) throw new Error("useWork is for pages inside the shell of staff");
  return work;
}

/** The formats of the page's language, in the school's time zone. */
export function useSchoolFormat(): Format {
  return useFormat(useWork().school.zone);
}
