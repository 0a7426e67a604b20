import { useEffect, useRef, useState } from "react";

/**
 * Files dropped anywhere onto the window; whether some hang over it. Without this the browser would leave the app and open them, so
 * while nothing is taken (`undefined`) they are dropped into the void.
 */
export function useFileDrop(take: ((files: File[]) => void) | undefined): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    // It is left for a child whenever one is entered: what counts is how many were entered and not left.
    let depth = 0;
    const listen = (name: "dragenter" | "dragover" | "dragleave" | "drop", heard: (event: DragEvent) => void) => {
      const ofFiles = (event: DragEvent) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        heard(event);
      };
      window.addEventListener(name, ofFiles);
      return () => window.removeEventListener(name, ofFiles);
    };
    const ends = [
      listen("dragenter", () => {
        depth += 1;
        setOver(latest.current !== undefined);
      }),
      listen("dragover", ({ dataTransfer }) => {
        if (dataTransfer) dataTransfer.dropEffect = latest.current ? "copy" : "none";
      }),
      listen("dragleave", () => {
        depth -= 1;
        if (depth <= 0) setOver(false);
      }),
      listen("drop", ({ dataTransfer }) => {
        depth = 0;
        setOver(false);
        latest.current?.([...(dataTransfer?.files ?? [])]);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return over;
}
