import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { Skeleton } from "@/ui";
import { answers, moderates, reviews, usePlace } from "./place";
import "./journal.css";

const Mine = lazy(() => import("./write/MinePage"));
const Write = lazy(() => import("./write/WritePage"));
const Desk = lazy(() => import("./desk/DeskPage"));
const Read = lazy(() => import("./desk/ReadPage"));
const Queue = lazy(() => import("./queue/QueuePage"));
const Reports = lazy(() => import("./care/ReportsPage"));
const Replies = lazy(() => import("./care/RepliesPage"));
const Decisions = lazy(() => import("./care/DecisionsPage"));
const Consents = lazy(() => import("./settle/ConsentsPage"));
const Settings = lazy(() => import("./settle/SettingsPage"));
const Axes = lazy(() => import("./settle/AxesPage"));
const Mandates = lazy(() => import("./settle/MandatesPage"));
const MoveHouse = lazy(() => import("./move/MovePage"));
const HeldFiles = lazy(() => import("./move/HeldPage"));

/** The journal's pages, each loaded when first opened. */
export function JournalRoutes() {
  const { base, me, as } = usePlace();
  const staff = as === "staff";
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton rows={5} />
        </div>
      }
    >
      <Switch>
        <Route path={base} component={Mine} />
        <Route path={`${base}/article/:piece`} component={Read} />
        <Route path={`${base}/article/:piece/ecrire`} component={Write} />
        {reviews(me) && <Route path={`${base}/relecture`} component={Desk} />}
        {moderates(me) && <Route path={`${base}/complements`} component={Queue} />}
        {moderates(me) && <Route path={`${base}/signalements`} component={Reports} />}
        {answers(me) && <Route path={`${base}/reponses`} component={Replies} />}
        {staff && <Route path={`${base}/decisions`} component={Decisions} />}
        {staff && <Route path={`${base}/autorisations`} component={Consents} />}
        {staff && <Route path={`${base}/rubriques`} component={Axes} />}
        {staff && <Route path={`${base}/mandats`} component={Mandates} />}
        {staff && (me.editor || me.head) && <Route path={`${base}/demenagement`} component={MoveHouse} />}
        {staff && (me.editor || me.head) && <Route path={`${base}/images`} component={HeldFiles} />}
        {staff && <Route path={`${base}/reglages`} component={Settings} />}
        <Route>
          <Redirect to={base} replace />
        </Route>
      </Switch>
    </Suspense>
  );
}
