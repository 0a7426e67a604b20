/** The drop of ink on its stone; the same drawing as `public/icon.svg`. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#4338ca" />
      <path d="M16 6c4 5.5 6.5 8.8 6.5 12a6.5 6.5 0 1 1-13 0c0-3.2 2.5-6.5 6.5-12z" fill="#faf9f7" />
    </svg>
  );
}
