/** A message with what is written so, word for word, set as code: between backticks, as in Markdown. */
import { Fragment, type ReactNode } from "react";
import type { Values } from "@/shared/i18n";

/** Stands for a backtick of a value, which marks nothing. */
const OWN = "\uE000";

/** The values of a message, so that none of them brings marks of its own. */
export const unmarked = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replaceAll("`", OWN) : value,
    ]),
  );

/** What stands between backticks as code, the rest as it is. A backtick without another one is itself. */
export function withCode(text: string): ReactNode {
  const own = (piece: string) => piece.replaceAll(OWN, "`");
  return text.split(/`([^`]+)`/u).map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence have no other name
    <Fragment key={index}>
      {index % 2 === 1 ? (
        <code dir="auto" className="rounded-sm bg-sunken box-decoration-clone px-0.5 text-fg">
          {own(piece)}
        </code>
      ) : (
        own(piece)
      )}
    </Fragment>
  ));
}
