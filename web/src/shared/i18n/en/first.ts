/** The words of the list of notes and its frame: what has to be there before anything is shown. */
import type { Message } from "../types";
import { app } from "./app";
import { list } from "./list";
import { problems } from "./problems";

const first = { ...app, ...list, ...problems };

export type FirstKey = keyof typeof first;
export default first as Record<FirstKey, Message>;
