import { useEffect, useRef } from "react";
import type { Job } from "@/shared/api/client";
import { announce } from "@/shared/ui/toast";
import { isUnderWay } from "./jobs";

/** Says to screen readers that a job has begun and how it has ended; not what had happened before the page was opened. */
export function useJobNews(latest: Job | undefined, words: { begun: string; done: string; failed: string }): void {
  const before = useRef<string>(undefined);
  const said = useRef(words);
  useEffect(() => {
    said.current = words;
  });
  const id = latest?.id;
  const state = latest && (isUnderWay(latest) ? "begun" : latest.state === "done" ? "done" : "failed");
  useEffect(() => {
    if (!id || !state) return;
    if (state === "begun") {
      if (before.current !== id) announce(said.current.begun);
      before.current = id;
    } else if (before.current === id) {
      announce(said.current[state]);
      before.current = undefined;
    }
  }, [id, state]);
}
