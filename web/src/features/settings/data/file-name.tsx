/** The name of a file, in its own direction of writing, with its size. */
import { FileArchive } from "lucide-react";
import type { ReactNode } from "react";

export function FileName({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-start gap-3">
      <FileArchive size={20} aria-hidden className="shrink-0 text-muted" />
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium wrap-anywhere">
          <bdi>{name}</bdi>
        </p>
        <p className="text-sm text-muted tabular-nums">{children}</p>
      </div>
    </div>
  );
}
