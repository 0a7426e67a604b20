/** The chip that stands for a picture on another server; editor and preview show the same. Apart, so that the preview does not load the editor. */
import { t } from "@/shared/i18n/all";
import { leadOut } from "../text/addresses";

export function remotePicture(address: string | null, words: string): HTMLElement {
  const chip = document.createElement(address ? "a" : "span");
  chip.className = "md-picture";
  if (address) {
    leadOut(chip, address);
    // Whoever shows pictures finds it here.
    chip.dataset.picture = address;
  }
  chip.textContent = words || t("editor.picture.unnamed");
  return chip;
}
