/** What of the audit log is looked at, and how the server is asked for that. */
export interface Filters {
  action: string;
  outcome: string;
  /** The id of an account: what it did. */
  actor: string;
  /** Days, as the date field gives them; both count. */
  from: string;
  to: string;
}

export const noFilters: Filters = { action: "", outcome: "", actor: "", from: "", to: "" };

/** The beginning of a day where the person is. */
const dayStart = (day: string, later = 0): string | undefined => {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
};

/** The filters as the query of a request; those that filter nothing are left out. */
export function auditParams({ action, outcome, actor, from, to }: Filters): Record<string, string> {
  const all = { action, outcome, actor, from: dayStart(from), to: dayStart(to, 1) };
  return Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => Boolean(one[1])));
}

/** The same as the address of a file. */
export const csvQuery = (filters: Filters): string =>
  new URLSearchParams({ format: "csv", ...auditParams(filters) }).toString();
