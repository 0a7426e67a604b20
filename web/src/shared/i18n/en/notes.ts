import type { Messages } from "../types";

export const notes = {} satisfies Messages;
