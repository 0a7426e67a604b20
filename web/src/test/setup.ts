import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";
import { loadLanguage } from "@/shared/i18n";

configure({ asyncUtilTimeout: 8000 });

// What happy-dom leaves out.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
globalThis.scrollTo = () => {};

afterEach(cleanup);
beforeAll(() => loadLanguage("en"));
