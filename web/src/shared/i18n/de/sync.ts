import type { sync as english } from "../en/sync";
import type { Message } from "../types";

export const sync: Record<keyof typeof english, Message> = {};
