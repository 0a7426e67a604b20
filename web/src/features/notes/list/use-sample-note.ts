import { useNavigate } from "@tanstack/react-router";
import { useSync } from "@/features/sync/provider";
import { t } from "@/shared/i18n/all";

/** The note of the first run that shows what can be done. */
export function useSampleNote(): () => void {
  const sync = useSync();
  const navigate = useNavigate();
  return () => {
    const id = sync.create({ body: t("sample.body"), tags: [t("sample.tag")] });
    void navigate({ to: "/notes/$id", params: { id }, search: {} });
  };
}
