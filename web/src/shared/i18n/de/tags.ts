import type { tags as english } from "../en/tags";
import type { Message } from "../types";

export const tags: Record<keyof typeof english, Message> = {};
