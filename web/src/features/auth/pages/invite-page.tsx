import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t, useLanguage } from "@/shared/i18n/all";
import { apiWord } from "@/shared/i18n/api-word";
import { longDate } from "@/shared/i18n/dates";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { AccountForm, type NewAccount } from "../account-form";
import { AuthPage } from "../auth-page";
import { useEnter } from "../enter";
import { FormFailure, TextLink } from "../form-parts";
import { takeToken } from "../link-token";

/** Making an account with an invitation: first what it is for, then the form. */
export function InvitePage() {
  useLanguage();
  const enter = useEnter();
  const [token] = useState(() => takeToken("invite"));
  const [refused, setRefused] = useState(false);
  const invitation = useQuery({
    queryKey: ["invite", token],
    queryFn: () => data(http.POST("/auth/invite", { body: { token: token ?? "" } })),
    enabled: token !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  if (!token) return <NoWay title={t("auth.setup.noToken.title")} why={t("auth.invite.noToken.body")} />;
  if (refused || isProblem(invitation.error, "link-invalid"))
    return <NoWay title={t("auth.invite.invalid.title")} why={t("auth.invite.invalid.body")} />;
  if (invitation.isError) {
    return (
      <AuthPage title={t("auth.invite.title")}>
        <FormFailure>{problemText(invitation.error)}</FormFailure>
        <Button onClick={() => void invitation.refetch()}>{t("app.retry")}</Button>
      </AuthPage>
    );
  }
  if (!invitation.data) {
    return (
      <AuthPage title={t("auth.invite.title")}>
        <p className="text-muted">{t("app.loading")}</p>
      </AuthPage>
    );
  }

  const { email, role, expires_at } = invitation.data;
  const roleWords = apiWord("auth.invite.role", role);
  const send = async ({ email: chosen, ...account }: NewAccount) => {
    try {
      // An address that is given cannot be chosen, too.
      const body = { ...account, token, ...(email ? {} : { email: chosen }) };
      return (await data(http.POST("/auth/accept-invite", { body }))).user;
    } catch (error) {
      if (isProblem(error, "link-invalid")) setRefused(true);
      throw error;
    }
  };
  return (
    <AuthPage title={t("auth.invite.title")} subtitle={t("auth.invite.subtitle")}>
      <p className="text-sm text-muted text-pretty wrap-anywhere">
        {email ? t("auth.invite.for", { email, role: roleWords }) : t("auth.invite.forAnybody", { role: roleWords })}{" "}
        {t("auth.invite.until", { date: longDate(expires_at) })}
      </p>
      <AccountForm
        email={email ?? undefined}
        send={send}
        enter={(user) => enter(user)}
        submit={[t("auth.register.submit"), t("auth.register.busy")]}
      />
    </AuthPage>
  );
}

function NoWay({ title, why }: { title: string; why: string }) {
  return (
    <AuthPage title={title} subtitle={why}>
      <p>
        <TextLink to="/$door/{-$slug}" params={{ door: "login" }}>
          {t("auth.toLogin")}
        </TextLink>
      </p>
    </AuthPage>
  );
}
