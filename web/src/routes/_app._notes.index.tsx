import { createFileRoute } from "@tanstack/react-router";
import { NoNote } from "@/features/notes/list/no-note";

export const Route = createFileRoute("/_app/_notes/")({ component: NoNote });
