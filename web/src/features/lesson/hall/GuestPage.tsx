import { useMutation, useQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { api, unwrap } from "@/api/client";
import { problemOf } from "@/api/problem";
import { Gateway } from "@/features/session/Gateway";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, ErrorState, Form, Notice, Skeleton, TextField } from "@/ui";
import type { Person } from "../live/protocol";
import { Hall } from "./Hall";
import { usePresented } from "./standing";

/** How often a guest who waits says that they still do. */
const WAITING = 2_500;

/** The link's secret: React may start this page twice before it stands, and the address bar gives it once. */
let shown: string | null = null;

function takeLink(): string | null {
  const found = window.location.hash.slice(1);
  if (found) {
    shown = found;
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return shown;
}

const nameOf = (person: Person) => person.name ?? person.label ?? person.pseudonym ?? "";

/** Where the link for guests leads: who one is, the lobby, the lesson. */
export default function GuestPage() {
  const t = useT("live");
  const [link] = useState(takeLink);
  const presented = usePresented("guest");
  const [knocked, setKnocked] = useState(false);
  const me = useQuery({
    queryKey: ["guest"],
    queryFn: ({ signal }) => unwrap(api.GET("/guest", { signal })),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: (q) => (q.state.data?.status === "waiting" ? WAITING : false),
    refetchIntervalInBackground: true,
  });
  const lesson = useQuery({
    queryKey: ["guest-link", link],
    enabled: link !== null,
    gcTime: 0,
    queryFn: ({ signal }) => unwrap(api.POST("/guest/link", { body: { link: link ?? "" }, signal })),
    refetchInterval: (q) => (q.state.data?.status === "planned" ? WAITING * 4 : false),
  });
  useEffect(
    () => () => {
      shown = null;
    },
    [],
  );
  const leave = useMutation({ mutationFn: () => api.DELETE("/guest"), onSuccess: () => Promise.all([setKnocked(false), me.refetch()]) });
  if (me.isPending || (link !== null && lesson.isPending)) return <Frame title={t("guest_title")}><Skeleton rows={3} /></Frame>;
  if (me.error) return <Frame title={t("guest_title")}><ErrorState error={me.error} onRetry={() => void me.refetch()} /></Frame>;
  const state = me.data;
  if (state.status === "in" && state.lesson && state.open) {
    return <Hall as="guest" path="/api/v1/guest/live" lesson={state.lesson} title={state.title ?? ""} presented={presented} nameOf={nameOf} back={{ href: "/", word: t("to_home") }} />;
  }
  if (state.status === "waiting" && state.open) {
    return (
      <Frame title={state.title ?? t("guest_title")}>
        <p className="guest-wait" role="status">
          <Hourglass aria-hidden size={32} /> {t("guest_waiting", { label: state.label ?? "" })}
        </p>
        <Actions>
          <Button pending={leave.isPending} onPress={() => leave.mutate()}>
            {t("guest_stop")}
          </Button>
        </Actions>
      </Frame>
    );
  }
  if (link === null) return <Frame title={t("guest_title")}><Notice tone="sun">{t(state.status === "out" ? "guest_out" : "guest_no_link")}</Notice></Frame>;
  if (!lesson.data) {
    const gone = ["not_found", "gone"].includes(problemOf(lesson.error).kind);
    return <Frame title={t("guest_title")}>{gone ? <Notice tone="sun">{t("guest_gone")}</Notice> : <ErrorState error={lesson.error} onRetry={() => void lesson.refetch()} />}</Frame>;
  }
  const { title, school, status, startsAt } = lesson.data;
  if (status === "ended") return <Frame title={title} intro={school}><Notice>{t("guest_ended")}</Notice></Frame>;
  if (status === "planned") return <Frame title={title} intro={school}><Planned at={startsAt} /></Frame>;
  return (
    <Frame title={title} intro={school}>
      {state.status === "out" && <Notice tone="sun">{t(knocked ? "guest_refused" : "guest_out")}</Notice>}
      <Knock
        link={link}
        onKnocked={() => {
          setKnocked(true);
          void me.refetch();
        }}
      />
    </Frame>
  );
}

function Frame({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  return (
    <Gateway title={title} intro={intro}>
      {children}
    </Gateway>
  );
}

function Planned({ at }: { at: number }) {
  const t = useT("live");
  const format = useFormat();
  return <Notice tone="sun">{t("guest_planned", { when: format.moment(at) })}</Notice>;
}

/** Asks who comes, and knocks. */
function Knock({ link, onKnocked }: { link: string; onKnocked: () => void }) {
  const t = useT("live");
  const knock = useMutation({ mutationFn: (label: string) => unwrap(api.POST("/guest/knock", { body: { link, label } })), onSuccess: onKnocked });
  return (
    <Form onSubmit={(data) => knock.mutate(String(data.get("label")))} error={knock.error}>
      <TextField label={t("guest_label")} name="label" required maxLength={60} autoComplete="name" help={t("guest_label_help")} />
      <Actions>
        <Button type="submit" tone="main" pending={knock.isPending}>
          {t("guest_knock")}
        </Button>
      </Actions>
      <p className="field-help">{t("guest_kept")}</p>
    </Form>
  );
}
