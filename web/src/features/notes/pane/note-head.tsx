/** What stands above the text of the open note: its title, where it lies, its tags, and since when. */
import type { Ref } from "react";
import { useSync } from "@/features/sync/provider";
import type { LocalNote } from "@/features/sync/types";
import { useTags } from "@/features/tags/queries";
import { MetaLine } from "./meta-line";
import { NotebookButton } from "./notebook-button";
import type { Limits } from "./saving";
import { TagsLine } from "./tags/tags-line";
import { TitleField } from "./title-field";

export interface NoteHeadProps {
  note: LocalNote;
  limits: Limits;
  readOnly: boolean;
  titled: boolean;
  titleField: Ref<HTMLTextAreaElement>;
  tagsField: Ref<HTMLInputElement>;
  /** On to the text. */
  onEnter: () => void;
  onChooseNotebook: () => void;
}

export function NoteHead({ note, limits, readOnly, titled, titleField, tagsField, ...on }: NoteHeadProps) {
  const sync = useSync();
  const known = useTags();
  const { id, content, server } = note;
  return (
    <div className="grid gap-2 pb-4">
      {titled && (
        <TitleField
          ref={titleField}
          title={content.title}
          limit={limits.note_title_chars}
          readOnly={readOnly}
          onChange={(title) => sync.edit(id, { title })}
          onEnter={on.onEnter}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <NotebookButton notebook={content.notebook_id} readOnly={readOnly} onChoose={on.onChooseNotebook} />
        <TagsLine
          ref={tagsField}
          tags={content.tags}
          known={known?.map((tag) => tag.name) ?? []}
          limit={limits.note_tags}
          readOnly={readOnly}
          onChange={(tags) => sync.edit(id, { tags })}
        />
      </div>
      {server && <MetaLine created={server.created_at} updated={server.updated_at} />}
    </div>
  );
}
