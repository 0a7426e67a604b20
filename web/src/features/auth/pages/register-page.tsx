import { useQuery } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { t, useLanguage } from "@/shared/i18n/all";
import { AccountForm } from "../account-form";
import { AuthPage } from "../auth-page";
import { useEnter } from "../enter";
import { TextLink } from "../form-parts";
import { serverQuery } from "../server";
import { SignInWays } from "../sso/sign-in-ways";

/** Making an account on a server that lets everybody. */
export function RegisterPage({ next }: { next?: string | undefined }) {
  useLanguage();
  const enter = useEnter();
  const server = useQuery(serverQuery()).data;
  const search = next ? { next } : {};
  if (server && server.sign_in.signup !== "open") {
    return (
      <AuthPage title={t("auth.register.closed.title")} subtitle={t("problem.signup-closed")}>
        <p>
          <TextLink to="/$door/{-$slug}" params={{ door: "login" }} search={search}>
            {t("auth.toLogin")}
          </TextLink>
        </p>
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title={t("auth.register.title")}
      subtitle={t("auth.register.subtitle")}
      footer={
        <p>
          {t("auth.register.haveAccount")}{" "}
          <TextLink to="/$door/{-$slug}" params={{ door: "login" }} search={search}>
            {t("auth.toLogin")}
          </TextLink>
        </p>
      }
    >
      <SignInWays providers={server?.sign_in.providers ?? []} next={next} />
      <AccountForm
        send={async (body) => (await data(http.POST("/auth/register", { body }))).user}
        enter={(user) => enter(user, next)}
        submit={[t("auth.register.submit"), t("auth.register.busy")]}
      />
    </AuthPage>
  );
}
