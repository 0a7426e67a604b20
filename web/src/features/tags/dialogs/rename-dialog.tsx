/**
 * Renaming a tag. A name that is taken merges the two for good, so that is asked first.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useView } from "@/features/notes/list/use-view";
import type { Tag } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { toast } from "@/shared/ui/toast";
import { mergesInto, renameTag } from "../mutations";
import { useTags } from "../queries";

export function RenameDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const view = useView();
  const tags = useTags() ?? [];
  const [name, setName] = useState(tag.name);
  /** The tag that it will be merged into, while that is asked. */
  const [into, setInto] = useState<Tag>();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (!wanted) return setFault(t("tags.needsName"));
    if (Array.from(wanted).length > 100) return setFault(t("tags.tooLong"));
    const other = mergesInto(tags, tag, wanted);
    if (other && !into) return setInto(other);
    setBusy(true);
    try {
      const renamed = await renameTag(client, tag.name, wanted);
      toast(t(other ? "tags.did.merged" : "tags.did.renamed", { from: tag.name, name: renamed.name }));
      onClose();
      if (view.tag === tag.name) void navigate({ to: "/", search: { ...view, tag: renamed.name }, replace: true });
    } catch (error) {
      setFault(problemText(error));
      setInto(undefined);
      setBusy(false);
    }
  };

  const title = into ? t("tags.merge.title", { name: into.name }) : t("tags.rename.title", { name: tag.name });
  const description = into
    ? t("tags.merge.body", { name: into.name, from: tag.name, count: tag.count })
    : tag.count > 0
      ? t("tags.rename.body", { count: tag.count })
      : undefined;
  return (
    <Dialog open onOpenChange={onClose} title={title} description={description}>
      <form onSubmit={save} className="grid gap-4" noValidate>
        {!into && (
          <Field
            label={t("tags.name")}
            hint={t("tags.nameHint")}
            value={name}
            dir="auto"
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => {
              setName(event.target.value);
              setFault(undefined);
            }}
            error={fault}
          />
        )}
        <DialogButtons onCancel={onClose}>
          {into && <Button onClick={() => setInto(undefined)}>{t("tags.merge.back")}</Button>}
          <Button type="submit" variant="primary" disabled={busy}>
            {t(into ? "tags.merge.confirm" : "tags.rename.confirm")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
