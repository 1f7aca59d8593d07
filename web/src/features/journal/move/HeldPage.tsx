import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Images } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Button, ConfirmDialog, Empty, ErrorState, LinkButton, Page, ProblemNotice, Skeleton, toast } from "@/ui";
import { fileAddress, journalKey } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace } from "../place";
import { type HeldFile, heldQuery, removeFile, showHeld } from "./moves";

function Held({ file, onRemove }: { file: HeldFile; onRemove: () => void }) {
  const t = useT("movers");
  const { school, base } = usePlace();
  const queries = useQueryClient();
  const show = useMutation({
    mutationFn: () => showHeld(school, [file.id]),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      toast(t("held_shown"));
    },
  });
  return (
    <li className="move-held">
      {file.kind === "picture" ? (
        <img src={fileAddress(file.id)} alt={file.alt || t("held_undescribed")} loading="lazy" />
      ) : (
        <a href={fileAddress(file.id)} download>
          {t("held_open")}
        </a>
      )}
      <p>{file.name}</p>
      {file.kind === "picture" && !file.alt && <p className="field-help">{t("held_ask")}</p>}
      {file.pieceId && (
        <p>
          <Link href={`${base}/article/${file.pieceId}`}>{t("held_in", { title: file.title ?? "" })}</Link>
        </p>
      )}
      {show.error && <ProblemNotice problem={show.error} />}
      <div className="desk-row">
        <Button onPress={() => show.mutate()} pending={show.isPending} label={t("held_nobody_of", { name: file.name })}>
          {t("held_nobody")}
        </Button>
        <LinkButton href={`${base}/autorisations`} label={t("held_consent_of", { name: file.name })}>{t("held_consent")}</LinkButton>
        <Button onPress={onRemove} label={t("held_remove_of", { name: file.name })}>
          {t("held_remove")}
        </Button>
      </div>
    </li>
  );
}

/** Pictures of an old site that nobody sees until somebody has looked at them. */
export default function HeldPage() {
  const t = useT("movers");
  const { school } = usePlace();
  const queries = useQueryClient();
  const held = useQuery(heldQuery(school));
  const [removing, setRemoving] = useState<HeldFile | null>(null);
  return (
    <Page title={t("held_title")} intro={t("held_intro")}>
      <JournalTabs />
      {!held.data ? (
        held.error ? <ErrorState error={held.error} onRetry={() => void held.refetch()} /> : <Skeleton rows={4} />
      ) : held.data.length === 0 ? (
        <Empty icon={<Images aria-hidden size={32} />} title={t("held_none")} />
      ) : (
        <ul className="move-shelf">
          {held.data.map((file) => (
            <Held key={file.id} file={file} onRemove={() => setRemoving(file)} />
          ))}
        </ul>
      )}
      <ConfirmDialog
        title={t("held_remove")}
        action={t("held_remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={async () => {
          if (removing) await removeFile(school, removing.id);
          await queries.invalidateQueries({ queryKey: journalKey(school) });
        }}
      >
        <p>{t("held_remove_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}
