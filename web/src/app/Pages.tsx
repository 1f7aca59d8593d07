import { type ComponentType, lazy, type LazyExoticComponent, Suspense, useEffect, useRef } from "react";
import { Route, Switch, useLocation } from "wouter";
import { noteNavigation } from "@/ui/arrival";
import { Missing } from "./Missing";

type Page = LazyExoticComponent<ComponentType>;

const Staff = lazy(() => import("./StaffPages"));

/** The pages that need no account, each its own chunk. */
const open: readonly { path: string; page: Page }[] = [
  { path: "/", page: lazy(() => import("@/features/door/DoorPage")) },
  { path: "/p", page: lazy(() => import("@/features/door/SlipPage")) },
  { path: "/eleve", page: lazy(() => import("@/features/door/PupilPage")) },
  { path: "/eleve/seance/:school/:lesson", page: lazy(() => import("@/features/lesson/hall/PupilRoom")) },
  { path: "/eleve/evaluation", page: lazy(() => import("@/features/sitting/SittingPage")) },
  { path: "/eleve/redaction/*?", page: lazy(() => import("@/features/journal/PupilJournal")) },
  { path: "/seance/:school/:lesson", page: lazy(() => import("@/features/lesson/hall/StaffRoom")) },
  { path: "/invite", page: lazy(() => import("@/features/lesson/hall/GuestPage")) },
  { path: "/confidentialite", page: lazy(() => import("@/features/privacy/NoticePage")) },
  { path: "/connexion", page: lazy(() => import("@/features/session/SignInPage")) },
  { path: "/installation", page: lazy(() => import("@/features/session/SetUpPage")) },
  { path: "/invitation", page: lazy(() => import("@/features/session/InvitationPage")) },
];

/** Notes that the person went from one page to another, and starts the new one at its top. */
function useArrival(): void {
  const [path] = useLocation();
  const last = useRef(path);
  useEffect(() => {
    const back = () => (last.current = window.location.pathname);
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);
  if (last.current !== path) noteNavigation();
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    window.scrollTo(0, 0);
  }, [path]);
}

/** Every page of the client. Staff pages come with the shell of staff. */
export function Pages() {
  useArrival();
  return (
    <Suspense>
      <Switch>
        {open.map(({ path, page }) => (
          <Route key={path} path={path} component={page} />
        ))}
        <Route path="/aujourdhui" component={Staff} />
        <Route path="/groupes/*?" component={Staff} />
        <Route path="/seances/*?" component={Staff} />
        <Route path="/evaluations/*?" component={Staff} />
        <Route path="/redaction/*?" component={Staff} />
        <Route path="/etablissement/*?" component={Staff} />
        <Route path="/noms" component={Staff} />
        <Route path="/donnees/*?" component={Staff} />
        <Route path="/compte" component={Staff} />
        <Route component={Missing} />
      </Switch>
    </Suspense>
  );
}
