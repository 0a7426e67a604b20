import type { Messages } from "../types";

export const command = {} satisfies Messages;
