/**
 * The command palette: notes first, then saved searches, then actions.
 *
 * Owns what is offered and what happens on choosing. Notes are the server's search (`use-found-notes.ts`), saved searches are
 * `search/saved/`'s and offered by their names once something is typed, actions are the registry's. What a reader would get wrong: an action runs after the palette has gone and the focus is back where it was, so
 * that it may move it.
 */
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import { keyOf } from "@/app/actions/key-of";
import { type Action, availableActions } from "@/app/actions/registry";
import { soughtIn } from "@/features/search/found-words";
import { type SavedSearch, useSaved } from "@/features/search/saved/queries";
import { viewOf } from "@/features/search/saved/question";
import { useSync } from "@/features/sync/provider";
import type { SearchHit } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { useReturnFocus } from "@/shared/ui/return-focus";
import { ActionLine, CreateLine, NoteLine, SavedSearchLine } from "./lines";
import { ranked } from "./rank";
import { useFoundNotes } from "./use-found-notes";
import { useActiveLine, useSelection } from "./use-selection";

export default function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const chosen = useRef<(() => void) | undefined>(undefined);
  const returnFocus = useReturnFocus(open);
  const close = (then: () => void) => {
    chosen.current = then;
    onOpenChange(false);
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            returnFocus(event);
            chosen.current?.();
            chosen.current = undefined;
          }}
          className="fixed z-50 flex flex-col overflow-hidden border-line bg-surface shadow-overlay max-md:inset-0 max-md:pt-[env(safe-area-inset-top)] md:top-[12vh] md:left-1/2 md:max-h-[min(34rem,76vh)] md:w-[min(40rem,calc(100vw-2rem))] md:-translate-x-1/2 md:rounded-lg md:border"
        >
          <Dialog.Title className="sr-only">{t("command.palette")}</Dialog.Title>
          <Offers onClose={() => onOpenChange(false)} onChoose={close} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** As many saved searches as leave the actions in sight. */
const MOST_SEARCHES = 5;

const heading =
  "**:[[cmdk-group-heading]]:px-3 **:[[cmdk-group-heading]]:pt-3 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-muted";

/** What is offered for what is typed. It begins anew each time the palette opens. */
function Offers({ onClose, onChoose }: { onClose: () => void; onChoose: (then: () => void) => void }) {
  const sync = useSync();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  // Asked once: while the palette is open, nothing around it changes.
  const [actions] = useState(() => availableActions().filter((action) => !action.hidden));
  const { found, busy, failed } = useFoundNotes(typed, true);
  const late = useLate(busy && !found);

  const saved = useSaved();

  const title = typed.trim();
  const hits = failed ? [] : (found?.hits ?? []);
  const fitting = ranked<Action>(actions, (action) => t(action.label), title);
  const searches = title ? ranked<SavedSearch>(saved ?? [], ({ name }) => name, title).slice(0, MOST_SEARCHES) : [];
  const creates = title !== "" && hits.length === 0 && !busy;
  const lines = [
    ...hits.map(({ note }) => note.id),
    ...searches.map(({ id }) => id),
    ...fitting.map(({ id }) => id),
    ...(creates ? ["create"] : []),
  ];
  const selection = useSelection(lines);
  const root = useActiveLine(selection.value, lines);

  const openNote = (hit: SearchHit) =>
    onChoose(() => {
      void navigate({
        to: "/notes/$id",
        params: { id: hit.note.id },
        search: (view) => view,
        state: title ? { sought: soughtIn(hit, title) } : {},
      });
    });
  const openSearch = (one: SavedSearch) => onChoose(() => void navigate({ to: "/", search: viewOf(one) }));
  const create = () =>
    onChoose(() => {
      const id = sync.create({ title });
      void navigate({ to: "/notes/$id", params: { id }, search: {} });
    });

  return (
    <Command
      ref={root}
      label={t("command.palette")}
      shouldFilter={false}
      loop
      value={selection.value}
      onValueChange={selection.onValueChange}
      vimBindings={false}
      onKeyDown={(event) => {
        if (/^(Arrow(Up|Down)|Home|End)$/.test(event.key)) selection.keyPressed();
        if (keyOf(event.nativeEvent) !== "Mod-k") return;
        event.preventDefault();
        onClose();
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 items-center gap-3 border-b border-line ps-4 pe-2">
        <Search size={18} aria-hidden className="shrink-0 text-muted" />
        <Command.Input
          value={typed}
          onValueChange={(text) => {
            setTyped(text);
            selection.reset();
          }}
          placeholder={t("command.placeholder")}
          className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none pointer-coarse:text-[1rem]"
        />
        <button
          type="button"
          onClick={onClose}
          className="min-h-9 shrink-0 rounded-md px-2 text-sm text-muted hover:text-fg md:hidden pointer-coarse:min-h-11"
        >
          {t("app.cancel")}
        </button>
      </div>
      <Command.List label={t("command.results")} className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2 pt-0">
        {hits.length > 0 && (
          <Command.Group heading={t(found?.q ? "command.notes" : "command.recent")} className={heading}>
            {found?.offline && <p className="px-3 pb-1 text-xs text-muted">{t("command.offline")}</p>}
            {hits.map((hit) => (
              <NoteLine
                key={hit.note.id}
                hit={hit}
                onMark={() => selection.choose(hit.note.id)}
                onSelect={() => openNote(hit)}
              />
            ))}
          </Command.Group>
        )}
        {late && <p className="px-3 pt-4 text-sm text-muted">{t("command.loading")}</p>}
        {failed && <p className="px-3 pt-4 text-sm text-muted">{t("command.failed")}</p>}
        {searches.length > 0 && (
          <Command.Group heading={t("saved.title")} className={heading}>
            {searches.map((one) => (
              <SavedSearchLine
                key={one.id}
                saved={one}
                onMark={() => selection.choose(one.id)}
                onSelect={() => openSearch(one)}
              />
            ))}
          </Command.Group>
        )}
        {fitting.length > 0 && (
          <Command.Group heading={t("command.actions")} className={heading}>
            {fitting.map((action) => (
              <ActionLine
                key={action.id}
                action={action}
                onMark={() => selection.choose(action.id)}
                onSelect={() => onChoose(action.run)}
              />
            ))}
          </Command.Group>
        )}
        {creates && (
          <>
            {fitting.length === 0 && searches.length === 0 && (
              <p className="px-3 pt-4 pb-2 text-sm text-muted">{t("command.nothing")}</p>
            )}
            <CreateLine title={title} onMark={() => selection.choose("create")} onSelect={create} />
          </>
        )}
      </Command.List>
      <p role="status" className="sr-only">
        {!busy && t("command.count", { count: lines.length })}
      </p>
    </Command>
  );
}

/** True once it has been true for a while. */
function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(waiting), waiting ? 300 : 0);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && late;
}
