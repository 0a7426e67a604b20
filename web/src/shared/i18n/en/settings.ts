import type { Messages } from "../types";

export const settings = {} satisfies Messages;
