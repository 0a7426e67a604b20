import type { Messages } from "../types";

export const notebooks = {} satisfies Messages;
