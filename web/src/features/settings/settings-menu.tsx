import { Link } from "@tanstack/react-router";
import { ChevronRight, LogOut } from "lucide-react";
import { useId } from "react";
import { runAction } from "@/app/actions/registry";
import { useSession } from "@/features/auth/session";
import { t } from "@/shared/i18n/all";
import { groups, type Section } from "./sections";

/** Where everything is: beside the page in wide windows, a page of its own on phones. */
export function SettingsMenu() {
  const { user } = useSession();
  return (
    <nav aria-label={t("settings.title")} className="grid content-start gap-5">
      {groups
        .filter(({ admin }) => !admin || user.role === "admin")
        .map(({ title, sections }) => (
          <Group key={title} title={t(title)} sections={sections} />
        ))}
      <div className="border-t border-line pt-4">
        <button
          type="button"
          onClick={() => runAction("app.signOut")}
          className="flex min-h-14 w-full items-center gap-3 rounded-md px-2.5 text-start hover:bg-sunken md:min-h-9 md:text-sm md:pointer-coarse:min-h-11"
        >
          <LogOut size={18} aria-hidden />
          {t("settings.signOut")}
        </button>
      </div>
    </nav>
  );
}

function Group({ title, sections }: { title: string; sections: Section[] }) {
  const id = useId();
  return (
    <div>
      <h2 id={id} className="px-2.5 pb-1 text-xs text-muted">
        {title}
      </h2>
      <ul aria-labelledby={id} className="grid gap-0.5">
        {sections.map(({ name, label, hint, icon: Icon }) => (
          <li key={name}>
            <Link
              to="/settings/$section"
              params={{ section: name }}
              className="flex min-h-14 items-center gap-3 rounded-md px-2.5 hover:bg-sunken aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent md:min-h-9 md:text-sm md:pointer-coarse:min-h-11"
            >
              <Icon size={18} aria-hidden className="shrink-0" />
              <span className="min-w-0 flex-1">
                {t(label)}
                <span className="block text-sm text-muted md:hidden">{t(hint)}</span>
              </span>
              <ChevronRight size={18} aria-hidden className="text-muted md:hidden" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
