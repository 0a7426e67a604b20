import type { Catalogue } from "../en";
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

const catalogue: Catalogue = {
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
export default catalogue;
