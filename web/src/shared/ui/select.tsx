import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";
import { inputLook } from "./field";

/** One of many: the browser's own list, which every device shows as its people know it. */
export function Select({
  label,
  className,
  options,
  ...rest
}: ComponentProps<"select"> & { label: ReactNode; options: readonly { value: string; label: string }[] }) {
  const id = useId();
  return (
    <div className={clsx("grid min-w-0 gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select id={id} {...rest} className={inputLook}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
