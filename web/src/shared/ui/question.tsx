/** Asking before something is done: `const [question, ask] = useQuestion()`, then `ask({ … })`, and `question` stands somewhere. */
import { type ReactNode, Suspense, useState } from "react";
import type { Question } from "./ask-first";
import { lazyPart } from "./lazy-part";

// Dialogs bring the largest part of the interface library along.
const AskFirst = lazyPart(() => import("./ask-first"));

export function useQuestion(): [ReactNode, (question: Question) => void] {
  const [question, setQuestion] = useState<Question>();
  const shown = (
    <Suspense>{question && <AskFirst question={question} onClose={() => setQuestion(undefined)} />}</Suspense>
  );
  return [shown, setQuestion];
}
