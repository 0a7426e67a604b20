/** The keys that lead from one match in the open note to the next. They are the bar's as long as it is there, and else the browser's. */
export const matchKeys = {
  next: ["F3", "Mod-g"],
  previous: ["Shift-F3", "Mod-Shift-g"],
} as const;

export const isKey = (keys: readonly string[], key: string | undefined): boolean =>
  key !== undefined && keys.includes(key);
