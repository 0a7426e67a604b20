/** Taking a tag off all notes. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useView } from "@/features/notes/list/use-view";
import type { Tag } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { toast } from "@/shared/ui/toast";
import { deleteTag } from "../mutations";

export function DeleteTagDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const view = useView();
  const [fault, setFault] = useState<string>();

  const remove = async () => {
    try {
      await deleteTag(client, tag.name);
    } catch (error) {
      setFault(problemText(error));
      return;
    }
    toast(t("tags.did.deleted", { name: tag.name }));
    onClose();
    if (view.tag === tag.name) void navigate({ to: "/", search: {}, replace: true });
  };

  return (
    <ConfirmDialog
      title={t("tags.delete.title", { name: tag.name })}
      body={t("tags.delete.body", { count: tag.count })}
      confirm={t("tags.delete.confirm")}
      fault={fault}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}
