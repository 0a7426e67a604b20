import type { settings as english } from "../en/settings";
import type { Message } from "../types";

export const settings: Record<keyof typeof english, Message> = {};
