/** See `support/accessibility.ts`. */
import { accessibilityOf } from "../support/accessibility";

accessibilityOf("dark");
