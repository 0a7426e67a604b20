import type { editor as english } from "../en/editor";
import type { Message } from "../types";

export const editor: Record<keyof typeof english, Message> = {};
