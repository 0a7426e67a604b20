import type { ReactNode } from "react";

/**
 * The text with its ranges marked. Ranges count Unicode code points, as the API does; they are in order and do not overlap,
 * and one that does is passed over.
 */
export function Highlight({ text, ranges }: { text: string; ranges?: number[][] | undefined }): ReactNode {
  if (!ranges?.length) return text;
  // JavaScript counts UTF-16 units: an emoji before a hit would shift its mark.
  const points = Array.from(text);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start = 0, end = 0] of ranges) {
    if (start < at || end <= start) continue;
    parts.push(points.slice(at, start).join(""), <mark key={start}>{points.slice(start, end).join("")}</mark>);
    at = end;
  }
  parts.push(points.slice(at).join(""));
  return parts;
}
