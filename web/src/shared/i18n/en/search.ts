import type { Messages } from "../types";

export const search = {} satisfies Messages;
