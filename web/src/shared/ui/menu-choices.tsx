import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";

/** Lines of a menu of which one holds. */
export function MenuChoices<T extends string>({
  value,
  choices,
  onChoose,
}: {
  value: T;
  choices: readonly { value: T; label: string }[];
  onChoose: (value: T) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(chosen) => onChoose(chosen as T)}>
      {choices.map((choice) => (
        <DropdownMenu.RadioItem
          key={choice.value}
          value={choice.value}
          className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 text-sm outline-none data-highlighted:bg-accent-soft pointer-coarse:min-h-11"
        >
          <span className="grid size-4 place-items-center text-accent" aria-hidden>
            <DropdownMenu.ItemIndicator>
              <Check size={16} />
            </DropdownMenu.ItemIndicator>
          </span>
          {choice.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
