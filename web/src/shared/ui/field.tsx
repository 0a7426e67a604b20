import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

/** The look of everything that is typed into. At least 16 px on touch, or phones zoom in. */
export const inputLook =
  "h-9 w-full rounded-md border border-control bg-surface px-3 text-base pointer-coarse:h-11 pointer-coarse:text-[1rem] aria-invalid:border-danger";

/** A labelled input with its hint and its error beside it, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: ComponentProps<"input"> & { label: ReactNode; hint?: ReactNode; error?: string | undefined; children?: ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={clsx("grid gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          {...rest}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          className={inputLook}
        />
        {children}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
