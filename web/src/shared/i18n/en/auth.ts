import type { Messages } from "../types";

export const auth = {} satisfies Messages;
