import type { Messages } from "../types";

export const tags = {} satisfies Messages;
