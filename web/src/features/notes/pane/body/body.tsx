/**
 * The text of the open note: read at first, written when somebody wants to.
 *
 * Owns when the editor comes: at once where there is a pointer, on a tap where there are fingers, and in both cases over the same
 * text, so that nothing is empty meanwhile. What a reader would get wrong: the text given here counts when the editor appears;
 * later ones reach it by its handle.
 */
import { type Ref, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import type { EditorHandle, EditorProps } from "@/features/editor/types";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { editorNow, loadEditor, prefetchEditor } from "./editor-chunk";
import { ReadView } from "./read-view";

export interface BodyProps extends Pick<EditorProps, "onChange" | "onCount" | "onOutline"> {
  text: string;
  readOnly: boolean;
  /** Whether the editor comes by itself: there is a pointer, or a place in the text to be shown. */
  eager: boolean;
  /** Puts the cursor into the text when the editor appears. */
  autoFocus?: EditorProps["autoFocus"];
  ref: Ref<EditorHandle>;
}

export function Body({ text, readOnly, eager, autoFocus, ref, ...listeners }: BodyProps) {
  const [Editor, setEditor] = useState(editorNow);
  const [tapped, setTapped] = useState<number>();
  const [failed, setFailed] = useState(false);
  const wanted = eager || tapped !== undefined;

  useEffect(() => {
    if (Editor || failed) return;
    if (!wanted) return prefetchEditor();
    let left = false;
    loadEditor().then(
      (component) => !left && setEditor(() => component),
      () => !left && setFailed(true),
    );
    return () => {
      left = true;
    };
  }, [Editor, failed, wanted]);

  const tap = (offset: number) => {
    // Inside of the tap itself, or a phone would not show its keyboard.
    flushSync(() => {
      setEditor(editorNow);
      setTapped(offset);
    });
  };

  if (Editor && wanted) {
    return (
      <Editor
        initial={text}
        readOnly={readOnly}
        autoFocus={tapped === undefined ? autoFocus : { at: tapped }}
        ref={ref}
        {...listeners}
      />
    );
  }
  return (
    <>
      {failed && (
        <div role="alert" className="flex flex-wrap items-center gap-3 pb-4 text-sm text-danger">
          {t("notes.editor.failed")}
          <Button onClick={() => setFailed(false)}>{t("app.retry")}</Button>
        </div>
      )}
      <ReadView text={text} onTap={readOnly || wanted ? undefined : tap} />
    </>
  );
}
