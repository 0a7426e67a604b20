import type { FirstKey } from "../en/first";
import type { Message } from "../types";
import { app } from "./app";
import { list } from "./list";
import { problems } from "./problems";

const first: Record<FirstKey, Message> = { ...app, ...list, ...problems };
export default first;
