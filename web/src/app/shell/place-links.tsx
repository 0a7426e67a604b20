/** The links to the places, as lines of a navigation. */
import { Link } from "@tanstack/react-router";
import { useOpenNote, useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { navLook } from "@/shared/ui/nav-look";
import { placeLinks, placeView } from "./places";
import { useHere } from "./use-here";

export function PlaceLinks() {
  const here = useHere();
  const view = useView();
  const open = useOpenNote();
  return (
    <ul>
      {placeLinks.map(({ place, label, icon: Icon }) => (
        <li key={place}>
          <Link
            to="/"
            search={placeView(place, view)}
            activeOptions={{ exact: true }}
            aria-current={here === place ? (open ? "true" : "page") : undefined}
            className={navLook}
          >
            <Icon size={16} aria-hidden className="shrink-0" />
            {t(label)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
