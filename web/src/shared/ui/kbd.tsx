/** A key as it is printed on the keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="rounded border border-line bg-surface px-1.5 font-[inherit] text-xs text-muted">{children}</kbd>
  );
}
