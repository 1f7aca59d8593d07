import { useMutation } from "@tanstack/react-query";
import { Camera } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import { readCode } from "@/features/names/code";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, Form, Notice, TextField } from "@/ui";
import { Child } from "./Child";
import { enterWithCode, enterWithSecret } from "./entry";

const Scan = lazy(() => import("./Scan"));

const codeProblems = { empty: "code_empty", short: "code_short", long: "code_long" } as const;

/** The landing page: the pupils' door. */
export default function DoorPage() {
  const t = useT("pupil");
  const [, go] = useLocation();
  const [own, setOwn] = useState(false);
  const [scanning, setScanning] = useState(false);
  const [work, setWork] = useState(0);
  const [wrong, setWrong] = useState<string | null>(null);
  const enter = useMutation({
    mutationFn: (code: string) => enterWithCode(code, own, setWork),
    onMutate: () => setWork(0),
    onSuccess: () => go("/eleve"),
  });
  const scan = useMutation({ mutationFn: (secret: Uint8Array<ArrayBuffer>) => enterWithSecret(secret, own), onSuccess: () => go("/eleve") });
  const submit = (data: FormData) => {
    const code = String(data.get("code"));
    const read = readCode(code);
    if (!read.ok) return setWrong(read.why === "character" ? t("code_character", { character: read.character }) : t(codeProblems[read.why]));
    setWrong(null);
    enter.mutate(code);
  };
  return (
    <Child
      title={t("door_title")}
      listen="door"
      corner={
        <Link href="/connexion" className="button button-quiet">
          {t("staff_entrance")}
        </Link>
      }
    >
      {scanning ? (
        <Suspense>
          <Scan
            onSecret={(secret) => {
              setScanning(false);
              scan.mutate(secret);
            }}
            onStop={() => setScanning(false)}
          />
        </Suspense>
      ) : (
        <>
          <Form onSubmit={submit} error={enter.error ?? scan.error}>
            <div className="child-code">
              <TextField label={t("code")} name="code" big maxLength={40} autoComplete="off" autoCapitalize="characters" help={t("code_help")} error={wrong} onChange={() => setWrong(null)} required />
            </div>
            <Checkbox checked={own} onChange={setOwn} detail={t("own_help")}>
              {t("own")}
            </Checkbox>
            {enter.isPending && work > 0 && <p role="status">{t("working", { percent: Math.round(work * 100) })}</p>}
            <Actions>
              <Button type="submit" tone="main" big pending={enter.isPending || scan.isPending}>
                {t("enter")}
              </Button>
            </Actions>
          </Form>
          <Button big icon={<Camera aria-hidden />} onPress={() => setScanning(true)}>
            {t("scan")}
          </Button>
          <Notice tone="info">{t("promise")}</Notice>
          <p className="child-foot">
            <Link href="/confidentialite">{t("privacy")}</Link>
          </p>
        </>
      )}
    </Child>
  );
}
