import type { Messages } from "../types";

export const sync = {} satisfies Messages;
