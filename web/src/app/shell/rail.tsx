/** The sidebar of narrower windows: icons with their words beside them when pointed at. Notebooks and tags open in a sheet. */
import { Link } from "@tanstack/react-router";
import { Bookmark, Hash, LibraryBig, type LucideIcon, Plus, Search } from "lucide-react";
import { runAction } from "@/app/actions/registry";
import { useOpenNote, useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { BrandMark } from "@/shared/ui/brand-mark";
import { Tooltip } from "@/shared/ui/tooltip";
import { FootIcon } from "./foot";
import { placeLinks, placeView } from "./places";
import { useHere } from "./use-here";

const look =
  "grid size-10 place-items-center rounded-md text-muted transition-colors hover:bg-sunken hover:text-fg aria-[current]:bg-accent-soft aria-[current]:text-accent pointer-coarse:size-11";

function RailButton({
  label,
  icon: Icon,
  onClick,
  current,
  primary,
}: {
  label: string;
  icon: LucideIcon;
  onClick: () => void;
  current?: boolean;
  primary?: boolean;
}) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        aria-current={current ? "true" : undefined}
        onClick={onClick}
        className={
          primary
            ? `writes ${look}`
                .replace("text-muted", "bg-accent text-on-accent")
                .replace("hover:bg-sunken hover:text-fg", "hover:brightness-110")
            : look
        }
      >
        <Icon size={18} aria-hidden />
      </button>
    </Tooltip>
  );
}

export default function Rail({ onBrowse }: { onBrowse: (part: "searches" | "notebooks" | "tags") => void }) {
  const here = useHere();
  const view = useView();
  const open = useOpenNote();
  return (
    <nav
      aria-label={t("nav.main")}
      className="flex min-h-0 flex-col items-center gap-1 overflow-y-auto border-e border-line bg-bg py-3 ps-[env(safe-area-inset-left)]"
    >
      <div className="grid h-9 place-items-center">
        <BrandMark className="size-6" />
      </div>
      <RailButton label={t("nav.new")} icon={Plus} onClick={() => runAction("note.new")} primary />
      <RailButton label={t("nav.search")} icon={Search} onClick={() => runAction("app.palette")} />
      {placeLinks.map(({ place, label, icon: Icon }) => (
        <Tooltip key={place} text={t(label)}>
          <Link
            to="/"
            search={placeView(place, view)}
            activeOptions={{ exact: true }}
            aria-label={t(label)}
            aria-current={here === place ? (open ? "true" : "page") : undefined}
            className={look}
          >
            <Icon size={18} aria-hidden />
          </Link>
        </Tooltip>
      ))}
      <RailButton label={t("saved.title")} icon={Bookmark} onClick={() => onBrowse("searches")} />
      <RailButton
        label={t("notebooks.title")}
        icon={LibraryBig}
        onClick={() => onBrowse("notebooks")}
        current={view.notebook !== undefined}
      />
      <RailButton
        label={t("tags.title")}
        icon={Hash}
        onClick={() => onBrowse("tags")}
        current={view.tag !== undefined}
      />
      <div className="mt-auto">
        <FootIcon />
      </div>
    </nav>
  );
}
