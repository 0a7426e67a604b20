import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useSync } from "@/features/sync/provider";
import type { RowPlace } from "./row-actions";
import { useOpenNote, useView } from "./use-view";

export function useRowPlace(): RowPlace {
  const view = useView();
  const navigate = useNavigate();
  return {
    sync: useSync(),
    client: useQueryClient(),
    open: useOpenNote(),
    leave: () => void navigate({ to: "/", search: view }),
  };
}
