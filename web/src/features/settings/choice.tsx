import { useId } from "react";

/** One of a few, all of them in sight: radio buttons that look like parts of one bar. */
export function Choice<V extends string>({
  label,
  hint,
  value,
  options,
  onChange,
}: {
  label: string;
  hint?: string;
  value: V;
  options: readonly { value: V; label: string; lang?: string }[];
  onChange: (value: V) => void;
}) {
  const id = useId();
  return (
    <fieldset aria-describedby={hint ? `${id}-hint` : undefined} className="grid gap-1">
      <legend className="pb-1 text-sm font-medium">{label}</legend>
      <div className="grid auto-cols-fr grid-flow-col rounded-md border border-control p-0.5 sm:justify-self-start">
        {options.map((option) => (
          <label
            key={option.value}
            lang={option.lang}
            className="relative grid min-h-9 cursor-pointer place-items-center rounded px-4 py-1 text-center text-sm has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted text-pretty">
          {hint}
        </p>
      )}
    </fieldset>
  );
}
