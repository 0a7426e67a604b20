import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t, useLanguage } from "@/shared/i18n/all";
import { AccountForm, type NewAccount } from "../account-form";
import { AuthPage } from "../auth-page";
import { CommandLine } from "../command-line";
import { useEnter } from "../enter";
import { TextLink } from "../form-parts";
import { takeToken } from "../link-token";
import { NEWS, serverQuery } from "../server";

/** Making the first administrator, by the link that the server printed. */
export function SetupPage() {
  useLanguage();
  const enter = useEnter();
  const [token] = useState(() => takeToken("setup"));
  const [refused, setRefused] = useState<"link" | "done">();
  const server = useQuery({ ...serverQuery(), ...NEWS }).data;

  if (refused === "done" || (server && !server.setup_required)) {
    return (
      <AuthPage title={t("auth.setup.done.title")} subtitle={t("auth.setup.done.body")}>
        <p>
          <TextLink to="/$door/{-$slug}" params={{ door: "login" }}>
            {t("auth.toLogin")}
          </TextLink>
        </p>
      </AuthPage>
    );
  }
  if (!token) {
    return (
      <NewLink title={t("auth.setup.noToken.title")} why={t("auth.setup.noToken.body")}>
        <p className="text-muted text-pretty">{t("auth.notSetUp.newLink")}</p>
      </NewLink>
    );
  }
  if (refused === "link") return <NewLink title={t("auth.setup.invalid.title")} why={t("auth.setup.invalid.body")} />;

  const send = async (account: NewAccount) => {
    try {
      return (await data(http.POST("/setup", { body: { ...account, token } }))).user;
    } catch (error) {
      // No change of the form helps here.
      if (isProblem(error, "setup-link-invalid")) setRefused("link");
      if (isProblem(error, "already-set-up")) setRefused("done");
      throw error;
    }
  };
  return (
    <AuthPage title={t("auth.setup.title")} subtitle={t("auth.setup.subtitle")}>
      <AccountForm send={send} enter={(user) => enter(user)} submit={[t("auth.setup.submit"), t("auth.setup.busy")]} />
    </AuthPage>
  );
}

function NewLink({ title, why, children }: { title: string; why: string; children?: ReactNode }) {
  return (
    <AuthPage title={title} subtitle={why}>
      <div className="grid gap-3">
        {children}
        <CommandLine>inkstone user setup-link</CommandLine>
      </div>
    </AuthPage>
  );
}
