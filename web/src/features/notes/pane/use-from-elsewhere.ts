/** Text that came from elsewhere reaches the open editor, and what happened is said for a moment. */
import { type RefObject, useEffect, useState } from "react";
import type { EditorHandle } from "@/features/editor/types";
import { useSync } from "@/features/sync/provider";
import { t } from "@/shared/i18n/all";

/** How long the news stands in the header, in milliseconds. */
const STAYS = 6000;

/** The news, as long as it is news. Another tab of the same browser is none: the person sits in front of it. */
export function useFromElsewhere(id: string, editor: RefObject<EditorHandle | null>): string | undefined {
  const sync = useSync();
  const [news, setNews] = useState<{ words: string }>();
  useEffect(
    () =>
      sync.onText(id, (body, cause) => {
        editor.current?.replace(body);
        if (cause === "server") setNews({ words: t("notes.saving.taken") });
        if (cause === "merge") setNews({ words: t("notes.saving.merged") });
      }),
    [sync, id, editor],
  );
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(undefined), STAYS);
    return () => clearTimeout(timer);
  }, [news]);
  return news?.words;
}
