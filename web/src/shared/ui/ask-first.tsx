/** {@link ConfirmDialog} for one request: it is sent, the dialog closes, or says why that failed. */
import { useState } from "react";
import { problemText } from "@/shared/i18n/problem-text";
import { ConfirmDialog } from "./confirm-dialog";

export interface Question {
  title: string;
  body: string;
  /** What is done, as a verb. */
  confirm: string;
  run: () => Promise<unknown>;
  /** Once it is done. */
  done?: () => void;
  /** Why it failed, where there are better words than everybody's. */
  explain?: (error: unknown) => string | undefined;
}

export default function AskFirst({ question, onClose }: { question: Question; onClose: () => void }) {
  const { run, done, explain, ...words } = question;
  const [fault, setFault] = useState<string>();
  return (
    <ConfirmDialog
      {...words}
      fault={fault}
      onClose={onClose}
      onConfirm={async () => {
        setFault(undefined);
        try {
          await run();
        } catch (error) {
          setFault(explain?.(error) ?? problemText(error));
          return;
        }
        onClose();
        done?.();
      }}
    />
  );
}
