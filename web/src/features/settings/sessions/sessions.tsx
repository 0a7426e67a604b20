import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { SettingsPage } from "../settings-page";
import { sessionsQuery, useEndSession } from "./queries";
import { deviceWords, SessionItem } from "./session-item";

// Dialogs bring the largest part of the interface library along.
const EndOthers = lazy(() => import("./end-others"));

/** Where the account is signed in. */
export function Sessions() {
  const sessions = useInfiniteQuery(sessionsQuery());
  const end = useEndSession();
  const [asking, setAsking] = useState(false);
  const all = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  const others = all.filter((session) => !session.current);
  return (
    <SettingsPage title={t("settings.sessions")} intro={t("settings.sessions.intro")}>
      {sessions.isPending && <p className="text-muted">{t("app.loading")}</p>}
      {sessions.isError && (
        <div role="alert" className="flex flex-wrap items-center gap-3">
          <p className="text-danger">{problemText(sessions.error)}</p>
          <Button onClick={() => void sessions.refetch()}>{t("app.retry")}</Button>
        </div>
      )}
      {all.length > 0 && (
        <div className="grid gap-4">
          <ul className="grid divide-y divide-line rounded-lg border border-line">
            {all.map((session) => (
              <SessionItem
                key={session.id}
                session={session}
                busy={end.isPending && end.variables === session.id}
                onEnd={() =>
                  end.mutate(session.id, {
                    onSuccess: () => toast(t("settings.sessions.ended")),
                    onError: (error) => toast(`${deviceWords(session)}: ${problemText(error)}`, { tone: "error" }),
                  })
                }
              />
            ))}
          </ul>
          <div className="flex flex-wrap gap-2">
            {sessions.hasNextPage && (
              <Button disabled={sessions.isFetchingNextPage} onClick={() => void sessions.fetchNextPage()}>
                {t("settings.more")}
              </Button>
            )}
            {others.length > 0 || sessions.hasNextPage ? (
              <Button variant="danger" onClick={() => setAsking(true)}>
                {t("settings.sessions.endOthers")}
              </Button>
            ) : (
              <p className="text-sm text-muted">{t("settings.sessions.alone")}</p>
            )}
          </div>
        </div>
      )}
      {asking && (
        <Suspense>
          <EndOthers onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </SettingsPage>
  );
}
