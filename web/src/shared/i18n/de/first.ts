import type { FirstKey } from "../en/first";
import type { Message } from "../types";
import { app } from "./app";
import { list } from "./list";
import { problems } from "./problems";
import { sync } from "./sync";

const first: Record<FirstKey, Message> = { ...app, ...list, ...problems, ...sync };
export default first;
