import clsx from "clsx";
import type { ComponentProps } from "react";

const looks = {
  primary: "bg-accent text-on-accent hover:brightness-110",
  default: "border border-control bg-surface hover:bg-sunken",
  ghost: "hover:bg-sunken",
  danger: "border border-danger text-danger hover:bg-sunken",
};

/** What a button with words looks like; a link that is pressed like one takes it, too. */
export const buttonLook = (variant: keyof typeof looks, className?: string): string =>
  clsx(
    "inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 py-1 text-sm font-medium transition-colors",
    "disabled:opacity-50 pointer-coarse:min-h-11",
    looks[variant],
    className,
  );

/** A button with words on it. */
export function Button({
  variant = "default",
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { variant?: keyof typeof looks }) {
  return <button type={type} {...rest} className={buttonLook(variant, className)} />;
}

/** A button with an icon alone; `label` is its name for screen readers and its tooltip. */
export function IconButton({
  label,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type={type}
      title={label}
      {...rest}
      aria-label={label}
      className={clsx(
        "inline-grid size-9 shrink-0 place-items-center rounded-md text-muted transition-colors",
        "hover:bg-sunken hover:text-fg disabled:opacity-50 aria-pressed:bg-accent-soft aria-pressed:text-accent pointer-coarse:size-11",
        className,
      )}
    />
  );
}
