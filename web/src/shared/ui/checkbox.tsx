import { type ComponentProps, type ReactNode, useId } from "react";

/** A box to tick, with its words beside it. */
export function Checkbox({
  label,
  children,
  onChange,
  ...rest
}: Omit<ComponentProps<"input">, "onChange" | "type"> & {
  label: ReactNode;
  /** More about it. */
  children?: ReactNode;
  onChange?: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        {...rest}
        id={id}
        type="checkbox"
        {...(onChange ? { onChange: (event) => onChange(event.target.checked) } : {})}
        aria-describedby={children ? `${id}-hint` : undefined}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="wrap-anywhere">
          {label}
        </label>
        {children && (
          <p id={`${id}-hint`} className="text-sm text-muted text-pretty">
            {children}
          </p>
        )}
      </div>
    </div>
  );
}
