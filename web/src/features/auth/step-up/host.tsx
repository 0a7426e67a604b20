/** Where the question for a fresh credential appears, whichever request wants it. One question serves all that wait for it. */
import { Suspense, useEffect, useState } from "react";
import { stepUp } from "@/shared/api/step-up";
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
    stepUp.ask = async (response) => {
      if (response.status !== 403) return false;
      const said = await response
        .clone()
        .json()
        .catch(() => {});
      if (said?.type !== "step-up-required") return false;
      asked ??= new Promise<boolean>((resolve) => setAnswer(() => resolve)).finally(() => {
        asked = undefined;
        setAnswer(undefined);
      });
      return asked;
    };
    return () => {
      stepUp.ask = undefined;
    };
  }, []);
  return <Suspense>{answer && <StepUpDialog onAnswer={answer} />}</Suspense>;
}
