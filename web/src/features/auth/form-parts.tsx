/** What the forms before signing in have in common. */

import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "@/shared/ui/button";

/** What is wrong with the whole; announced at once. */
export function FormFailure({ children }: { children: string | undefined }) {
  return (
    <div role="alert" className="empty:hidden">
      {children && (
        <p className="rounded-md border border-danger px-3 py-2 text-sm text-danger text-pretty">{children}</p>
      )}
    </div>
  );
}

/** The one button of a form. It keeps the focus while it works, which a disabled button would lose. */
export function Submit({ busy, working, children }: { busy: boolean; working: string; children: string }) {
  return (
    <Button
      type="submit"
      variant="primary"
      aria-disabled={busy || undefined}
      className="mt-2 min-h-11 w-full aria-disabled:opacity-60"
    >
      {busy ? working : children}
    </Button>
  );
}

/** What a way to another page looks like in a line of text. */
export const textLinkLook = "rounded font-medium text-accent underline underline-offset-4";

/** A way to another page, in a line of text. */
export function TextLink({ children, ...rest }: LinkProps & { children: ReactNode }) {
  return (
    <Link {...rest} className={textLinkLook}>
      {children}
    </Link>
  );
}
