/** What the server takes at most; the usual values until it has said so. */
import { useQuery } from "@tanstack/react-query";
import { serverQuery } from "@/features/auth/server";
import type { Limits } from "./saving";

const usual: Limits = { note_body_bytes: 1_048_576, note_title_chars: 500, note_tags: 100 };

export const useLimits = (): Limits => useQuery(serverQuery()).data?.limits ?? usual;
