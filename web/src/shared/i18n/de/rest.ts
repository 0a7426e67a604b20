import type { RestKey } from "../en/rest";
import type { Message } from "../types";
import { auth } from "./auth";
import { command } from "./command";
import { editor } from "./editor";
import { notebooks } from "./notebooks";
import { notes } from "./notes";
import { rareProblems } from "./rare-problems";
import { saved } from "./saved";
import { search } from "./search";
import { settings } from "./settings";
import { settingsData } from "./settings-data";
import { shell } from "./shell";
import { tags } from "./tags";

const rest: Record<RestKey, Message> = {
  ...auth,
  ...command,
  ...editor,
  ...notebooks,
  ...notes,
  ...rareProblems,
  ...saved,
  ...search,
  ...settings,
  ...settingsData,
  ...shell,
  ...tags,
};
export default rest;
