import { FormFailure } from "@/features/auth/form-parts";
import { Button } from "@/shared/ui/button";

/** What is wrong with the whole, and the button. */
export function FormEnd({
  failure,
  busy,
  working,
  children,
}: {
  failure: string | undefined;
  busy: boolean;
  working: string;
  children: string;
}) {
  return (
    <>
      <FormFailure>{failure}</FormFailure>
      <div>
        <Button type="submit" variant="primary" aria-disabled={busy || undefined} className="aria-disabled:opacity-60">
          {busy ? working : children}
        </Button>
      </div>
    </>
  );
}
