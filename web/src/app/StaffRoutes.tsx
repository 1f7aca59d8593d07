import { lazy, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { loadTexts, useLocale } from "@/i18n";
import { Skeleton } from "@/ui";
import { Guard } from "./Guard";
import { MissingPage } from "./Missing";

const Today = lazy(() => import("@/features/today/TodayPage"));
const Groups = lazy(() => import("@/features/groups/GroupsPage"));
const Group = lazy(() => import("@/features/groups/GroupPage"));
const Import = lazy(() => import("@/features/import/ImportPage"));
const Slips = lazy(() => import("@/features/slips/SlipsPage"));
const Lessons = lazy(() => import("@/features/lesson/list/LessonsPage"));
const Lesson = lazy(() => import("@/features/lesson/list/LessonPage"));
const Check = lazy(() => import("@/features/lesson/check/CheckPage"));
const Campaigns = lazy(() => import("@/features/campaigns/CampaignsPage"));
const Bank = lazy(() => import("@/features/bank/BankPage"));
const Questions = lazy(() => import("@/features/bank/QuestionsPage"));
const Kinds = lazy(() => import("@/features/bank/write/KindPage"));
const Write = lazy(() => import("@/features/bank/write/WritePage"));
const Compose = lazy(() => import("@/features/bank/compose/ComposePage"));
const NewCampaign = lazy(() => import("@/features/campaigns/NewCampaignPage"));
const CampaignFiles = lazy(() => import("@/features/campaigns/CampaignFilesPage"));
const CampaignFile = lazy(() => import("@/features/campaigns/CampaignFilePage"));
const Campaign = lazy(() => import("@/features/campaigns/CampaignPage"));
const CampaignGroup = lazy(() => import("@/features/campaigns/CampaignGroupPage"));
const Journal = lazy(() => import("@/features/journal/StaffJournal"));
const Names = lazy(() => import("@/features/names/NamesPage"));
const Data = lazy(() => import("@/features/privacy/DataPage"));
const School = lazy(() => import("@/features/school/SchoolPage"));
const Staff = lazy(() => import("@/features/school/StaffPage"));
const Years = lazy(() => import("@/features/school/YearsPage"));
const Account = lazy(() => import("@/features/account/AccountPage"));

/** Fetches the everyday pages while the browser is idle, so that they open at once and without the network. */
function useEverydayPages(): void {
  const locale = useLocale();
  useEffect(() => {
    const fetchThem = () => {
      const pages = [import("@/features/today/TodayPage"), import("@/features/groups/GroupsPage"), import("@/features/groups/GroupPage")];
      const texts = ["today", "groups", "names"].map((domain) => loadTexts(locale, domain));
      // Nothing waits for them: opening the page asks again, and says what went wrong.
      void Promise.allSettled([...pages, ...texts]);
    };
    if (typeof window.requestIdleCallback !== "function") return;
    const handle = window.requestIdleCallback(fetchThem, { timeout: 10_000 });
    return () => window.cancelIdleCallback(handle);
  }, [locale]);
}

/** Every page of staff, each loaded when first opened. */
export function StaffRoutes() {
  const [path] = useLocation();
  useEverydayPages();
  return (
    <Guard key={path}>
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
          <Route path="/groupes/:id/fiches" component={Slips} />
          <Route path="/seances" component={Lessons} />
          <Route path="/seances/verifier" component={Check} />
          <Route path="/seances/:id" component={Lesson} />
          <Route path="/evaluations" component={Campaigns} />
          <Route path="/evaluations/banque" component={Bank} />
          <Route path="/evaluations/composer" component={Compose} />
          <Route path="/evaluations/questions" component={Questions} />
          <Route path="/evaluations/questions/nouvelle" component={Kinds} />
          <Route path="/evaluations/questions/nouvelle/:kind" component={Write} />
          <Route path="/evaluations/questions/:question" component={Write} />
          <Route path="/evaluations/nouvelle" component={NewCampaign} />
          <Route path="/evaluations/fichiers" component={CampaignFiles} />
          <Route path="/evaluations/fichiers/:file" component={CampaignFile} />
          <Route path="/evaluations/:campaign" component={Campaign} />
          <Route path="/evaluations/:campaign/:group" component={CampaignGroup} />
          <Route path="/redaction/*?" component={Journal} />
          <Route path="/noms" component={Names} />
          <Route path="/donnees" component={Data} />
          <Route path="/etablissement" component={School} />
          <Route path="/etablissement/personnel" component={Staff} />
          <Route path="/etablissement/annees" component={Years} />
          <Route path="/compte" component={Account} />
          <Route component={MissingPage} />
        </Switch>
      </Suspense>
    </Guard>
  );
}
