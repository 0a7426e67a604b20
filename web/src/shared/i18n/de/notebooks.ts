import type { notebooks as english } from "../en/notebooks";
import type { Message } from "../types";

export const notebooks: Record<keyof typeof english, Message> = {};
