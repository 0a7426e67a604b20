/** The path that the server is reached under, without a slash at its end: `""`, or `/notes`. The page says it. */
export const base: string = (() => {
  const said = document.documentElement.dataset.base ?? "";
  // In development nobody fills the template in.
  return said === "__BASE__" ? "" : said;
})();

/** Where the API is. */
export const apiUrl = `${location.origin}${base}/api/v1`;
