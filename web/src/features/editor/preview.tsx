/**
 * The note as it reads, without its marks. Loaded on demand: `lazy(() => import("@/features/editor/preview"))`.
 *
 * Owns the pace: the first section is there at once, the others follow in idle moments, with a notice until the last. What the
 * text becomes is `preview/render.ts`'s. What a reader would get wrong: the nodes are put in by hand, not by React, and React
 * knows nothing of what is inside of a section.
 */
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { t } from "@/shared/i18n/all";
import { whenIdle } from "./idle";
import { nameHeadings } from "./preview/heading-names";
import { render } from "./preview/render";
import { cut } from "./preview/sections";
import type { RemotePictures } from "./remote-pictures/remote-pictures";
import "./preview.css";
import "./code.css";

export interface PreviewProps {
  source: string;
  /** Terms to be marked: what a search found (`text/fold.ts`). */
  highlight?: string[] | undefined;
}

const noWords: string[] = [];

export default function Preview({ source, highlight = noWords }: PreviewProps) {
  const { frontMatter, sections, definitions } = useMemo(() => cut(source), [source]);
  const [shown, setShown] = useState(1);
  const complete = shown >= sections.length;
  useEffect(() => {
    if (shown >= sections.length) return;
    return whenIdle(() => setShown(shown + 1));
  }, [sections, shown]);

  const text = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const empty = !/\S/.test(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text and further sections have other pictures
  useEffect(() => {
    const [root, place] = [text.current, bar.current];
    const chips = [...(root?.querySelectorAll<HTMLElement>("[data-picture]") ?? [])];
    if (!root || !place || chips.length === 0) return;
    let left = false;
    let pictures: RemotePictures | undefined;
    import("./remote-pictures/remote-pictures").then(
      ({ lookAfter, remoteAddress }) => {
        if (left) return;
        pictures = lookAfter(root, place);
        pictures.count(chips.filter((chip) => remoteAddress(chip.dataset.picture ?? "")).length);
      },
      () => {
        // Without what shows them (offline, never fetched) they are chips.
      },
    );
    return () => {
      left = true;
      pictures?.stop();
    };
  }, [source, shown, empty]);

  if (empty) return <p className="text-muted">{t("editor.preview.empty")}</p>;
  return (
    <div ref={text} className="prose">
      <div ref={bar} hidden />
      {frontMatter !== null && (
        <details className="front-matter">
          <summary>{t("editor.preview.frontMatter")}</summary>
          <pre>{frontMatter}</pre>
        </details>
      )}
      {sections.slice(0, shown).map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a section has no other name than its place
        <Section key={index} source={section} definitions={definitions} highlight={highlight} />
      ))}
      {!complete && (
        <p role="status" className="text-sm text-muted">
          {t("editor.preview.rendering")}
        </p>
      )}
    </div>
  );
}

interface SectionProps {
  source: string;
  definitions: string;
  highlight: string[];
}

const Section = memo(function Section({ source, definitions, highlight }: SectionProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const section = place.current;
    if (!section) return;
    section.replaceChildren(render(source, definitions, highlight));
    nameHeadings(section.closest(".prose") ?? section);
    // Colours come with half of the editor: only a note that has code with a language waits for them.
    if (section.querySelector("pre > code[class]")) {
      void import("./preview/colour-code").then(
        ({ colourCode }) => colourCode(section),
        () => {
          // Without colours (offline, never fetched) it is still code.
        },
      );
    }
  }, [source, definitions, highlight]);
  return <div ref={place} className="section" />;
});
