/** The foot of the navigation: how saving stands, in words, and the way to the account. */
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { CircleAlert, CircleCheck, CloudOff, CloudUpload, type LucideIcon, Settings } from "lucide-react";
import { useSession } from "@/features/auth/session";
import { useSyncState } from "@/features/sync/provider";
import type { SyncState } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { navLook } from "@/shared/ui/nav-look";
import { Tooltip } from "@/shared/ui/tooltip";

interface Said {
  words: string;
  icon: LucideIcon;
  tone: string;
  /** The note that waits for the person. */
  note?: string | undefined;
}

/** What matters most comes first: what waits for the person, then what keeps the server from having it. */
export function sayState({ attention, signedOut, reachable, pending, unkept }: SyncState): Said {
  if (unkept !== null) return { words: unkept, icon: CircleAlert, tone: "text-danger" };
  if (attention.length > 0) {
    const words = t("foot.attention", { count: attention.length });
    return { words, icon: CircleAlert, tone: "text-danger", note: attention[0] };
  }
  if (signedOut) return { words: t("foot.signedOut"), icon: CloudOff, tone: "text-warn" };
  if (!reachable) return { words: t("foot.offline"), icon: CloudOff, tone: "text-warn" };
  if (pending > 0) return { words: t("foot.saving", { count: pending }), icon: CloudUpload, tone: "text-muted" };
  return { words: t("foot.saved"), icon: CircleCheck, tone: "text-muted" };
}

/** Not announced: it changes with every pause in typing, and the open note says how its own saving stands. */
function State() {
  const { words, icon: Icon, tone, note } = sayState(useSyncState());
  const look = clsx("flex min-h-8 items-center gap-2.5 px-2.5 text-xs", tone);
  const said = (
    <>
      <Icon size={16} aria-hidden className="shrink-0" />
      {words}
    </>
  );
  if (!note) return <p className={look}>{said}</p>;
  return (
    <Link to="/notes/$id" params={{ id: note }} className={clsx(look, "rounded-md underline-offset-4 hover:underline")}>
      {said}
    </Link>
  );
}

const initial = (name: string): string => Array.from(name.trim())[0]?.toLocaleUpperCase() ?? "?";

export function Foot() {
  const { user } = useSession();
  const name = user.name || user.email;
  return (
    <div className="grid gap-1 border-t border-line p-3 pb-[calc(env(safe-area-inset-bottom)+0.75rem)]">
      <State />
      <Link
        to="/settings"
        aria-label={`${t("nav.account")}: ${name}`}
        className={navLook}
        activeProps={{ "aria-current": "page" }}
      >
        <span
          className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent before:content-[attr(data-initial)]"
          aria-hidden
          data-initial={initial(name)}
        />
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {name}
        </span>
        <Settings size={16} aria-hidden className="shrink-0 text-muted" />
      </Link>
    </div>
  );
}

/** The same where there is only room for icons. */
export function FootIcon() {
  const { words, icon: Icon, tone, note } = sayState(useSyncState());
  const square = "grid size-10 place-items-center rounded-md pointer-coarse:size-11";
  return (
    <div className="grid gap-1">
      <Tooltip text={words}>
        {note ? (
          <Link to="/notes/$id" params={{ id: note }} aria-label={words} className={clsx(square, tone)}>
            <Icon size={18} aria-hidden />
          </Link>
        ) : (
          <span role="img" aria-label={words} className={clsx(square, tone)}>
            <Icon size={18} aria-hidden />
          </span>
        )}
      </Tooltip>
      <Tooltip text={t("nav.account")}>
        <Link
          to="/settings"
          aria-label={t("nav.account")}
          activeProps={{ "aria-current": "page" }}
          className={clsx(
            square,
            "text-muted transition-colors hover:bg-sunken hover:text-fg aria-[current]:bg-accent-soft aria-[current]:text-accent",
          )}
        >
          <Settings size={18} aria-hidden />
        </Link>
      </Tooltip>
    </div>
  );
}
