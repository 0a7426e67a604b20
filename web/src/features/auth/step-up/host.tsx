/** Where the question for a fresh credential appears, whichever request wants it. One question serves all that wait for it. */
import { Suspense, useEffect, useState } from "react";
import { whoAsks } from "@/shared/api/step-up";
import { lazyPart } from "@/shared/ui/lazy-part";

type Answer = (shown: boolean) => void;

/** It could not be loaded: nothing was shown, and whoever waits hears it. */
function NotLoaded({ onAnswer }: { onAnswer: Answer }) {
  useEffect(() => onAnswer(false), [onAnswer]);
  return null;
}

const StepUpDialog = lazyPart(() => import("./step-up-dialog"), NotLoaded);

export function StepUpHost() {
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    let asked: Promise<boolean> | undefined;
    return whoAsks(() => {
      asked ??= new Promise<boolean>((resolve) => setAnswer(() => resolve)).finally(() => {
        asked = undefined;
        setAnswer(undefined);
      });
      return asked;
    });
  }, []);
  return <Suspense>{answer && <StepUpDialog onAnswer={answer} />}</Suspense>;
}
