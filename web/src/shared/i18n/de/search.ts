import type { search as english } from "../en/search";
import type { Message } from "../types";

export const search: Record<keyof typeof english, Message> = {};
