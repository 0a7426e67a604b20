import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/register")({ component: () => <main>register</main> });
