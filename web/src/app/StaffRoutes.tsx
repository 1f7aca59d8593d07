import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Skeleton } from "@/ui";
import { Missing } from "./Missing";

const Today = lazy(() => import("@/features/today/TodayPage"));
const Groups = lazy(() => import("@/features/groups/GroupsPage"));
const Group = lazy(() => import("@/features/groups/GroupPage"));
const Import = lazy(() => import("@/features/import/ImportPage"));
const Slips = lazy(() => import("@/features/slips/SlipsPage"));
const Names = lazy(() => import("@/features/names/NamesPage"));
const Data = lazy(() => import("@/features/privacy/DataPage"));
const School = lazy(() => import("@/features/school/SchoolPage"));
const Staff = lazy(() => import("@/features/school/StaffPage"));
const Years = lazy(() => import("@/features/school/YearsPage"));
const Account = lazy(() => import("@/features/account/AccountPage"));

/** Every page of staff, each loaded when first opened. */
export function StaffRoutes() {
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton rows={5} />
        </div>
      }
    >
      <Switch>
        <Route path="/aujourdhui" component={Today} />
        <Route path="/groupes" component={Groups} />
        <Route path="/groupes/importer" component={Import} />
        <Route path="/groupes/:id" component={Group} />
        <Route path="/groupes/:id/etiquettes" component={Slips} />
        <Route path="/noms" component={Names} />
        <Route path="/donnees" component={Data} />
        <Route path="/etablissement" component={School} />
        <Route path="/etablissement/personnel" component={Staff} />
        <Route path="/etablissement/annees" component={Years} />
        <Route path="/compte" component={Account} />
        <Route component={Missing} />
      </Switch>
    </Suspense>
  );
}
