/** All other words; they come with the pages that say them. */
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

const rest = {
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

export type RestKey = keyof typeof rest;
export default rest as Record<RestKey, Message>;
