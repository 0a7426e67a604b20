/**
 * Sending a form: once at a time, with what is wrong beside the field that it is about.
 *
 * Fields are uncontrolled and read when the form is sent, so that password managers may fill them however they like. Faults
 * come from `check` before sending and from `explain` after a refusal; either way the first faulty field gets the focus.
 */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { problemText } from "@/shared/i18n/problem-text";

interface Options<F extends string, R> {
  fields: readonly F[];
  /** What is wrong before anything is sent. */
  check?: (values: Record<F, string>) => Partial<Record<F, string>>;
  send: (values: Record<F, string>) => Promise<R>;
  done: (result: R, form: HTMLFormElement) => void;
  /** The fields that a refusal is about. Nothing: it is about the whole, and said in `failure`. */
  explain?: (error: unknown) => Partial<Record<F, string>> | undefined;
}

export function useSubmit<F extends string, R>({ fields, check, send, done, explain }: Options<F, R>) {
  const [faults, setFaults] = useState<Partial<Record<F, string>>>({});
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // State comes too late for the second of two quick clicks.
  const sending = useRef(false);

  useEffect(() => {
    if (Object.keys(faults).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [faults]);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (sending.current) return;
    const target = event.currentTarget;
    const read = new FormData(target);
    const values = Object.fromEntries(fields.map((field) => [field, String(read.get(field) ?? "")])) as Record<
      F,
      string
    >;
    setFailure(undefined);
    const wrong = check?.(values) ?? {};
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    sending.current = true;
    setBusy(true);
    try {
      done(await send(values), target);
    } catch (error) {
      const about = explain?.(error) ?? {};
      setFaults(about);
      if (Object.keys(about).length === 0) setFailure(problemText(error));
    } finally {
      sending.current = false;
      setBusy(false);
    }
  }

  return { form, submit, faults, failure, busy };
}
