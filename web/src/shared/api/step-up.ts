/**
 * Requests that want a credential shown again (`step-up-required`): who asks for it is told here, so that every request is repeated
 * by itself once that was done, whoever sent it.
 *
 * Asking is the app's (`features/auth/step-up`); where nobody asks, or the person does not want to, the refusal is the answer.
 */

/** Hears of every answer: whether it wanted a credential and has got it, so that the request is worth another try. */
export const stepUp: { ask?: ((answer: Response) => Promise<boolean>) | undefined } = {};
