import { LogOut } from "lucide-react";
import { useState } from "react";
import { useSignOut } from "@/features/session/me";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Form, Page, TextField, toast } from "@/ui";
import { useChangeMe } from "./api";
import { Codes } from "./Codes";
import { Devices } from "./Devices";
import { Display } from "./Display";
import { MyData } from "./MyData";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import "./account.css";

function Profile() {
  const t = useT("account");
  const { staff } = useWork().me;
  const [name, setName] = useState(staff.name);
  const [email, setEmail] = useState(staff.email);
  const change = useChangeMe();
  return (
    <Card title={t("profile")}>
      <Form error={change.error} onSubmit={() => change.mutate({ name: name.trim(), email: email.trim() }, { onSuccess: () => toast(t("saved")) })}>
        <TextField label={t("name")} name="name" autoComplete="name" value={name} onChange={setName} required maxLength={120} />
        <TextField label={t("email")} name="email" type="email" autoComplete="email" value={email} onChange={setEmail} required maxLength={254} />
        <Actions>
          <Button type="submit" pending={change.isPending} disabled={name === staff.name && email === staff.email}>
            {t("save")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}

/** One's account: profile, what the screen looks like, ways to sign in, devices. */
export default function AccountPage() {
  const t = useT("account");
  const signOut = useSignOut();
  return (
    <Page
      title={t("title")}
      narrow
      action={
        <Button icon={<LogOut aria-hidden size={18} />} onPress={() => signOut.mutate()} pending={signOut.isPending}>
          {t("sign_out")}
        </Button>
      }
    >
      <Profile />
      <Display />
      <Passkeys />
      <Password />
      <Codes />
      <Devices />
      <MyData />
    </Page>
  );
}
