import type { notes as english } from "../en/notes";
import type { Message } from "../types";

export const notes: Record<keyof typeof english, Message> = {};
