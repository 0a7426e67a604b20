/** What stands beside the list while no note is open; a phone shows the list alone. */
import { useQuery } from "@tanstack/react-query";
import { definitions } from "@/app/actions/definitions";
import { t } from "@/shared/i18n";
import { readAppearance } from "@/shared/lib/appearance";
import { Kbd } from "@/shared/ui/kbd";
import { listQuery } from "../queries";
import { useView } from "./use-view";

export default function NoNote() {
  const [before, after] = t("empty.write", { key: "\u0000" }).split("\u0000");
  // Without asking by itself: the list does.
  const { data: list } = useQuery({ ...listQuery(useView()), enabled: false });
  return (
    <div className="grid place-content-center gap-1 p-6 text-center text-muted">
      {list?.items.length !== 0 && <p>{t("empty.pick")}</p>}
      {readAppearance().singleKeys && (
        <p className="text-sm pointer-coarse:hidden">
          {before}
          <Kbd>{definitions["note.new"].keys[0].toUpperCase()}</Kbd>
          {after}
        </p>
      )}
    </div>
  );
}
