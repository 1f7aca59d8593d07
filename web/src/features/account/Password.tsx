import { useState } from "react";
import { SHORTEST_PASSWORD } from "@/features/session/password";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Form, PasswordField, toast } from "@/ui";
import { useChangePassword } from "./api";

/** Changes the password, or sets one. Every other session ends. */
export function Password() {
  const t = useT("account");
  const { staff } = useWork().me;
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const done = () => {
    setCurrent("");
    setNext("");
    toast(t("password_changed"));
  };
  return (
    <Card title={t("password")} intro={t("password_intro")}>
      <Form error={change.error} onSubmit={() => change.mutate({ next, ...(staff.hasPassword ? { current } : {}) }, { onSuccess: done })}>
        {staff.hasPassword && <PasswordField label={t("password_current")} name="current" autoComplete="current-password" value={current} onChange={setCurrent} required />}
        <PasswordField label={t("password_next")} name="next" autoComplete="new-password" value={next} onChange={setNext} required help={t("password_help", { count: SHORTEST_PASSWORD })} />
        <Actions>
          <Button type="submit" pending={change.isPending}>
            {t(staff.hasPassword ? "password_change" : "password_set")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}
