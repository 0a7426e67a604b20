/** What stands beside the list while no note is open; a phone shows the list alone. */
import { keyLabel } from "@/app/actions/keys";
import { t } from "@/shared/i18n";
import { readAppearance } from "@/shared/lib/appearance";
import { Kbd } from "@/shared/ui/kbd";

export function NoNote() {
  const [before, after] = t("empty.write", { key: "\u0000" }).split("\u0000");
  return (
    <div className="hidden place-content-center gap-1 bg-bg p-6 text-center text-muted md:grid">
      <p>{t("empty.pick")}</p>
      {readAppearance().singleKeys && (
        <p className="text-sm pointer-coarse:hidden">
          {before}
          <Kbd>{keyLabel("n")}</Kbd>
          {after}
        </p>
      )}
    </div>
  );
}
