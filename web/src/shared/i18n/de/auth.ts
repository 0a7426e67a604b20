import type { auth as english } from "../en/auth";
import type { Message } from "../types";

export const auth: Record<keyof typeof english, Message> = {};
