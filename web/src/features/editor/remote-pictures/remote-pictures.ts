/**
 * Pictures on other servers: what stands in their place, and the pictures themselves once somebody wants them in this note.
 *
 * Owns the line above the text and what is inside of the chips that editor and preview draw (`live/remote-picture.ts`). What a reader
 * would get wrong: the browser never asks the other server. This one fetches the picture, and the other learns nothing of the reader;
 * the page's policy would not let it be otherwise.
 */
import { base } from "@/shared/api/base";
import { t } from "@/shared/i18n/all";
import { areShown, choose, onChoice } from "./choice";
import "./remote-pictures.css";

const chips = ".md-picture[data-picture]";

/** Where a picture is on another server; null for what is beside the note, or no picture's address. */
export function remoteAddress(written: string): URL | null {
  if (!/^(?:https?:)?\/\//i.test(written)) return null;
  return URL.parse?.(written, "https://-") ?? null;
}

const throughUs = (address: URL) => `${base}/api/v1/remote-images?url=${encodeURIComponent(address.href)}`;

function dress(chip: HTMLElement, shown: boolean, onSize: () => void): void {
  const address = remoteAddress(chip.dataset.picture ?? "");
  if (!address) return;
  chip.dataset.host = address.hostname;
  chip.title ||= t("editor.picture.remote", { address: address.href });
  const picture = chip.querySelector("img");
  if (!shown && picture) {
    chip.replaceChildren(picture.alt);
    chip.classList.remove("md-shown");
  }
  if (!shown || picture || chip.dataset.failed !== undefined) return;
  const words = chip.textContent ?? "";
  const image = document.createElement("img");
  image.alt = words;
  image.loading = "lazy";
  image.decoding = "async";
  image.addEventListener("load", onSize);
  // The chip around it is a link; a press on the picture must not have the browser ask the other server after all.
  image.addEventListener("click", (event) => event.preventDefault());
  image.addEventListener("error", () => {
    chip.dataset.failed = "";
    chip.title = t("editor.remote.failed", { address: address.href });
    chip.classList.remove("md-shown");
    chip.replaceChildren(words);
    onSize();
  });
  image.src = throughUs(address);
  chip.classList.add("md-shown");
  chip.replaceChildren(image);
}

export interface RemotePictures {
  /** How many the whole text has, drawn or not. */
  count(count: number): void;
  stop(): void;
}

/**
 * Looks after the chips below `root`, those that come later too, and fills `bar` with the line above the text. `onSize`: something has
 * another height now.
 */
export function lookAfter(root: HTMLElement, bar: HTMLElement, onSize: () => void = () => {}): RemotePictures {
  let count = 0;
  const line = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", () => {
    const shown = !areShown();
    // Whoever asks again wants to try again.
    for (const chip of root.querySelectorAll<HTMLElement>(`${chips}[data-failed]`)) {
      delete chip.dataset.failed;
      chip.title = "";
    }
    choose(shown);
  });
  const drawBar = () => {
    const shown = areShown();
    bar.hidden = count === 0;
    bar.className = "remote-pictures";
    line.textContent = t(shown ? "editor.remote.shown" : "editor.remote.hidden", { count });
    button.textContent = t(shown ? "editor.remote.hide" : "editor.remote.show");
    if (count && !bar.contains(button)) bar.replaceChildren(line, button);
  };
  const draw = () => {
    const shown = areShown();
    for (const chip of root.querySelectorAll<HTMLElement>(chips)) dress(chip, shown, onSize);
    drawBar();
    onSize();
  };
  const observer = new MutationObserver((changes) => {
    const drawn = changes.some(({ addedNodes }) =>
      [...addedNodes].some((node) => node instanceof Element && (node.matches(chips) || node.querySelector(chips))),
    );
    if (drawn) draw();
  });
  observer.observe(root, { childList: true, subtree: true });
  const forget = onChoice(draw);
  draw();
  return {
    count(now) {
      if (now === count) return;
      count = now;
      drawBar();
      onSize();
    },
    stop() {
      observer.disconnect();
      forget();
      bar.replaceChildren();
    },
  };
}
