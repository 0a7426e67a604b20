import type { command as english } from "../en/command";
import type { Message } from "../types";

export const command: Record<keyof typeof english, Message> = {};
