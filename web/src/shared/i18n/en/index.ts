import type { Message } from "../types";

import { app } from "./app";
import { auth } from "./auth";
import { command } from "./command";
import { editor } from "./editor";
import { notebooks } from "./notebooks";
import { notes } from "./notes";
import { problems } from "./problems";
import { search } from "./search";
import { settings } from "./settings";
import { sync } from "./sync";
import { tags } from "./tags";

const catalogue = {
  ...app,
  ...auth,
  ...command,
  ...editor,
  ...notebooks,
  ...notes,
  ...problems,
  ...search,
  ...settings,
  ...sync,
  ...tags,
};

export type MessageKey = keyof typeof catalogue;
export type Catalogue = Record<MessageKey, Message>;
export default catalogue as Catalogue;
