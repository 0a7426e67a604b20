/**
 * The words of the list of notes and its frame: what has to be there before anything is shown. With those of saving, which must
 * not wait for anything else: until it has started, nothing can be written down.
 */
import type { Message } from "../types";
import { app } from "./app";
import { list } from "./list";
import { problems } from "./problems";
import { sync } from "./sync";

const first = { ...app, ...list, ...problems, ...sync };

export type FirstKey = keyof typeof first;
export default first as Record<FirstKey, Message>;
