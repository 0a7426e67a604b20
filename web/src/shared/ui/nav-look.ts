import clsx from "clsx";

/** The look of a line in the navigation; `aria-current` marks where one is. */
export const navLook = clsx(
  "flex min-h-9 w-full items-center gap-2.5 rounded-md px-2.5 text-start text-sm transition-colors hover:bg-sunken",
  "aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-accent pointer-coarse:min-h-11",
);
