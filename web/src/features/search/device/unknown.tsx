/** Which filters of a query were left aside, because only the server could judge them. */
import { t } from "@/shared/i18n/all";

export default function Unknown({ filters }: { filters: readonly string[] }) {
  return (
    <span className="block">
      {t("search.device.unknown", { count: filters.length })}{" "}
      {filters.map((filter, index) => (
        <span key={filter}>
          {index > 0 && ", "}
          <code dir="auto">{filter}</code>
        </span>
      ))}
    </span>
  );
}
