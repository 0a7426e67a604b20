import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { SettingsPage } from "../settings-page";
import { deviceWords } from "./device-words";
import { sessionsQuery, useEndSession } from "./queries";
import { SessionItem } from "./session-item";

// Dialogs bring the largest part of the interface library along.
const EndOthers = lazy(() => import("./end-others"));

/** Where the account is signed in. */
export function Sessions() {
  const [pages, setPages] = useState(1);
  const sessions = useQuery(sessionsQuery(pages));
  const end = useEndSession();
  const [ending, setEnding] = useState<string>();
  const [asking, setAsking] = useState(false);
  const all = sessions.data?.items ?? [];
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
                busy={ending === session.id}
                onEnd={() => {
                  setEnding(session.id);
                  end(session.id)
                    .then(
                      () => toast(t("settings.sessions.ended")),
                      (error) => toast(`${deviceWords(session.agent)}: ${problemText(error)}`, { tone: "error" }),
                    )
                    .finally(() => setEnding((now) => (now === session.id ? undefined : now)));
                }}
              />
            ))}
          </ul>
          <div className="flex flex-wrap gap-2">
            {sessions.data?.more && (
              <Button disabled={sessions.isPlaceholderData} onClick={() => setPages(pages + 1)}>
                {t("settings.more")}
              </Button>
            )}
            {others.length > 0 || sessions.data?.more ? (
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
