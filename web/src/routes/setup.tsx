import { createFileRoute } from "@tanstack/react-router";
import { SetupPage } from "@/features/auth/pages/setup-page";
import { knowServer } from "@/features/auth/server";

export const Route = createFileRoute("/setup")({ loader: knowServer, component: SetupPage });
