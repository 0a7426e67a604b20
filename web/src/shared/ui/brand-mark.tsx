/** A drop of ink above its stone; the same drawing as `public/icon.svg`. */
export function BrandMark({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#4338ca" />
      <path d="M16 4.2c3.5 4.4 5.6 7.3 5.6 10.3a5.6 5.6 0 0 1-11.2 0c0-3 2.1-5.9 5.6-10.3z" fill="#faf9f7" />
      <path
        d="M6.3 20.2h1.6c.5 0 .9.2 1.2.6 1.5 2.1 4 3.4 6.9 3.4s5.4-1.3 6.9-3.4c.3-.4.7-.6 1.2-.6h1.6c.6 0 1 .4 1 1v2.5a4 4 0 0 1-4 4H9.3a4 4 0 0 1-4-4v-2.5c0-.6.4-1 1-1z"
        fill="#faf9f7"
      />
    </svg>
  );
}
