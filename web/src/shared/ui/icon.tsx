import type { SVGProps } from "react";

/**
 * An icon of one path, drawn like lucide's. Import icons from `lucide-react`: the build puts their paths into this
 * (`build/icon-imports.ts`). It is decoration unless it has a name.
 */
export const icon =
  (path: string) =>
  ({ size = 24, ...rest }: SVGProps<SVGSVGElement> & { size?: number | string }) => (
    // biome-ignore lint/a11y/noSvgWithoutTitle: whoever uses it names it, or hides it.
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden={rest["aria-label"] === undefined || undefined}
      {...rest}
    >
      <path d={path} />
    </svg>
  );
