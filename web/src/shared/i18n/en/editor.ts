import type { Messages } from "../types";

export const editor = {} satisfies Messages;
