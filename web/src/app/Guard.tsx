import { Component, type ReactNode } from "react";
import { problemOf } from "@/api/problem";
import { useT } from "@/i18n";
import { Button } from "@/ui";
import { useProblemWords } from "@/ui/ErrorState";
import "./Guard.css";

/** Whether a part of the client could not be fetched: a new version took its place, or the network is gone. */
function isMissingPart(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|importing a module|preload CSS/i.test(error.message);
}

function Broken({ error }: { error: unknown }) {
  const t = useT("ui");
  const words = useProblemWords();
  const missing = isMissingPart(error);
  const offline = missing && !navigator.onLine;
  const problem = problemOf(error);
  const title = offline ? words(problem).what : t(missing ? "stale_title" : "broken_title");
  return (
    <div className="guard" role="alert">
      <h1>{title}</h1>
      <p>{offline ? t("offline_todo") : t(missing ? "stale_text" : "broken_text")}</p>
      <Button tone="main" onPress={() => window.location.reload()}>
        {t("reload")}
      </Button>
    </div>
  );
}

/** Catches what a page throws, so that the person reads a sentence and not a blank. Give it the address as its key: another page starts afresh. */
export class Guard extends Component<{ children: ReactNode; whole?: boolean }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const broken = <Broken error={this.state.error} />;
    return this.props.whole ? <main>{broken}</main> : broken;
  }
}
