/**
 * A note on the screen, whole: header, bars, title, tags, text, and the conflict in place of the text.
 *
 * Owns how the parts hang together: which of them the focus goes to, what is open beside the text, and the two ways between the
 * editor and `sync/` (typed text goes out, text from elsewhere comes in). What can be done with the note stands in
 * `use-note-actions.ts`.
 */
import clsx from "clsx";
import { lazy, Suspense, useRef, useState } from "react";
import { runAction } from "@/app/actions/registry";
import type { Count } from "@/features/editor/text/count";
import type { EditorHandle, Outline as Headings } from "@/features/editor/types";
import type { Sought } from "@/features/search/sought";
import { useSync } from "@/features/sync/provider";
import type { LocalNote } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { useAppearance } from "@/shared/lib/appearance";
import { isReadOnly } from "@/shared/lib/read-only";
import { useTitle } from "@/shared/lib/title";
import { useMedia } from "@/shared/lib/use-media";
import { Bars } from "./bars";
import { Body } from "./body/body";
import { Header } from "./header";
import { NoteHead } from "./note-head";
import { useNotebookName } from "./notebook-button";
import { type Question, Questions } from "./questions";
import { opensWithTitle } from "./title-rule";
import { useConflict, useKeepAsNew } from "./use-conflict";
import { useEditor } from "./use-editor";
import { useFromElsewhere } from "./use-from-elsewhere";
import { useKeyboardInset } from "./use-keyboard-inset";
import { useLeave } from "./use-leave";
import { useLimits } from "./use-limits";
import { useNoteActions } from "./use-note-actions";

const ConflictView = lazy(() => import("./conflict/conflict-view"));
const Preview = lazy(() => import("@/features/editor/preview"));
const OutlinePanel = lazy(() => import("./outline-panel"));
const Foot = lazy(() => import("./foot"));

const fontSizes = { small: "0.9375rem", normal: "1.0625rem", large: "1.25rem" };

export function OpenNote({ note, sought }: { note: LocalNote; sought: Sought | undefined }) {
  const sync = useSync();
  const limits = useLimits();
  const notebookName = useNotebookName();
  const coarse = useMedia("(pointer: coarse)");
  const { fontSize } = useAppearance();
  const inset = useKeyboardInset();
  const { id, content, trashed, saving } = note;

  const { editor, summoned, withEditor, takeEditor } = useEditor();
  const titleField = useRef<HTMLTextAreaElement>(null);
  const tagsField = useRef<HTMLInputElement>(null);
  const count = useRef<Count>(undefined);
  const [fresh] = useState(() => note.server === null && content.title === null && content.body === "");
  const [titled, setTitled] = useState(() => opensWithTitle(note));
  const [previewing, setPreviewing] = useState(false);
  const [outlining, setOutlining] = useState(false);
  const [headings, setHeadings] = useState<Headings>({ headings: [], current: -1 });
  const [question, setQuestion] = useState<Question>();
  const [terms, setTerms] = useState<string[]>();

  const text = () => editor.current?.text() ?? content.body;
  const news = useFromElsewhere(id, editor);
  const conflict = useConflict(note);
  const keepAsNew = useKeepAsNew(id);
  const { back, close } = useLeave(id);
  useTitle(content.title ?? note.server?.title ?? "");

  /** Does something in the text, which the preview would hide. */
  const inText = (does: (handle: EditorHandle) => void) => {
    setPreviewing(false);
    requestAnimationFrame(() => withEditor(does));
  };
  const toText = () => inText((handle) => handle.focus());

  const togglePreview = () => setPreviewing((before) => !before);
  const toggleOutline = () => setOutlining((before) => !before);

  useNoteActions(
    note,
    {
      text,
      edit: toText,
      find: conflict ? undefined : () => inText((handle) => handle.openFind()),
      focusTags: () => tagsField.current?.focus(),
      addTitle: titled
        ? undefined
        : () => {
            setTitled(true);
            requestAnimationFrame(() => titleField.current?.focus());
          },
      togglePreview,
      toggleOutline,
      chooseNotebook: () => setQuestion("notebook"),
      askPurge: () => setQuestion("purge"),
      back,
      close,
      previewing,
    },
    limits,
  );

  const readOnly = trashed || saving.kind === "gone" || isReadOnly();
  const name = content.title || note.server?.title || t("notes.pane.untitled");
  return (
    <article
      aria-labelledby={`${id}-name`}
      style={{ paddingBottom: inset }}
      className="@container relative flex h-full min-h-0 min-w-0 flex-col bg-surface"
    >
      <h1 id={`${id}-name`} className="sr-only">
        {name}
      </h1>
      <Header
        note={note}
        news={news}
        previewing={previewing}
        outlining={outlining}
        // On a phone there is no editor that has counted, until somebody writes.
        count={() => count.current ?? content.body}
        onBack={close}
        onTryNow={() => void sync.saveNow(id)}
        onPreview={togglePreview}
        onOutline={toggleOutline}
        onPin={() => runAction("note.pin")}
      />
      <Bars
        note={note}
        limits={limits}
        body={text}
        onRestore={() => runAction("note.restore")}
        onUnarchive={() => runAction("note.archive")}
        onKeepAsNew={keepAsNew}
        onDiscard={() => setQuestion("discard")}
      />
      <div className="flex min-h-0 flex-1">
        <div className="min-w-0 flex-1 overflow-y-auto overscroll-contain" data-note-scroll>
          {conflict ? (
            <Suspense>
              <ConflictView conflict={conflict.sides} notebookName={notebookName} onChoose={conflict.choose} />
            </Suspense>
          ) : (
            <div
              style={{ "--note-size": fontSizes[fontSize] } as React.CSSProperties}
              className="mx-auto flex w-full max-w-[50rem] flex-col px-4 pt-5 md:px-8 md:pt-8 [&_.ink-editor]:text-[length:var(--note-size)]!"
            >
              <NoteHead
                note={note}
                limits={limits}
                readOnly={readOnly}
                titled={titled || content.title !== null}
                titleField={titleField}
                tagsField={tagsField}
                onEnter={toText}
                onChooseNotebook={() => setQuestion("notebook")}
              />
              <div className={clsx(previewing && "hidden")}>
                <Body
                  text={content.body}
                  readOnly={readOnly}
                  eager={!coarse || summoned || outlining || fresh}
                  // A new note is there to be written; its first line becomes its title.
                  autoFocus={fresh ? "end" : undefined}
                  ref={takeEditor}
                  onChange={(read) => sync.typed(id, read)}
                  onCount={(counted) => {
                    count.current = counted;
                  }}
                  onOutline={setHeadings}
                />
              </div>
              {previewing && (
                <section aria-label={t("notes.preview.label")} className="pb-[30vh]">
                  <Suspense>
                    <Preview source={text()} highlight={terms} />
                  </Suspense>
                </section>
              )}
            </div>
          )}
        </div>
        {outlining && !conflict && (
          <Suspense>
            <OutlinePanel
              outline={headings}
              onGo={(offset) => inText((handle) => handle.goTo(offset))}
              onClose={() => setOutlining(false)}
            />
          </Suspense>
        )}
      </div>
      {!conflict && (
        <Suspense>
          <Foot
            sought={sought}
            previewing={previewing}
            readOnly={readOnly}
            editor={editor}
            touch={coarse}
            withEditor={withEditor}
            onTerms={setTerms}
          />
        </Suspense>
      )}
      <Questions question={question} note={note} onClose={() => setQuestion(undefined)} onGone={close} />
    </article>
  );
}
