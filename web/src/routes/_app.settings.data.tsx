import { createFileRoute } from "@tanstack/react-router";
import { DataSettings } from "@/features/settings/data/data-settings";

export const Route = createFileRoute("/_app/settings/data")({ component: DataSettings });
