/**
 * Requests that want a credential shown again (`step-up-required`): the question is put here, so that every request is repeated
 * by itself once it was answered, whoever sent it.
 *
 * Asking is the app's (`features/auth/step-up`), which comes after the first view; a request that is quicker waits for it. Where
 * nobody comes to ask, or the person does not want to, the refusal is the answer. Loaded with the first refusal: most days have none.
 */

/** Puts the question; one question serves all that wait for it. Tells whether a credential was shown. */
export type Ask = () => Promise<boolean>;

/** How long a refused request waits for somebody who asks: as long as a person waits for an answer. */
const PATIENCE_MS = 10_000;

let asker: Ask | undefined;
const waiting = new Set<(ask: Ask) => void>();

/** From now on `ask` puts the question. Returns how to end that. */
export function whoAsks(ask: Ask): () => void {
  asker = ask;
  for (const tell of waiting) tell(ask);
  waiting.clear();
  return () => {
    if (asker === ask) asker = undefined;
  };
}

/** Whether the refusal wanted a credential and has got it, so that the request is worth another try. */
export async function shownAgain(refusal: Response): Promise<boolean> {
  const said = await refusal
    .clone()
    .json()
    .catch(() => {});
  if (said?.type !== "step-up-required") return false;
  const ask = asker ?? (await somebody());
  return ask ? ask() : false;
}

function somebody(): Promise<Ask | undefined> {
  return new Promise((resolve) => {
    waiting.add(resolve);
    setTimeout(() => {
      waiting.delete(resolve);
      resolve(undefined);
    }, PATIENCE_MS);
  });
}
