/**
 * What stands in the place of a mark: bullets, numbers, checkboxes, the way to a link.
 *
 * A widget knows what it shows and never where it stands: texts move. It asks the view for its place when it is used.
 */
import { type EditorView, WidgetType } from "@codemirror/view";
import { t } from "@/shared/i18n/all";
import { toggleTaskAt } from "../commands/tasks";
import { leadOut } from "../text/addresses";

const span = (className: string, text: string): HTMLElement => {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
};

export class BulletWidget extends WidgetType {
  constructor(readonly depth: number) {
    super();
  }
  override eq(other: BulletWidget) {
    return other.depth === this.depth;
  }
  override toDOM() {
    // The letter is what a screen reader says; the look comes from the style sheet.
    return span(`md-bullet md-bullet-${((this.depth - 1) % 3) + 1}`, "•");
  }
  override ignoreEvent() {
    return false;
  }
}

export class NumberWidget extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: NumberWidget) {
    return other.text === this.text;
  }
  override toDOM() {
    return span("md-number", this.text);
  }
  override ignoreEvent() {
    return false;
  }
}

/** A task's box: ticked by click and touch here, and by a key through the command. Its name is the task's text. */
export class CheckboxWidget extends WidgetType {
  constructor(
    readonly done: boolean,
    readonly label: string,
    readonly readOnly: boolean,
  ) {
    super();
  }
  override eq(other: CheckboxWidget) {
    return other.done === this.done && other.label === this.label && other.readOnly === this.readOnly;
  }
  override toDOM(view: EditorView) {
    const box = span("md-check", "");
    const input = document.createElement("input");
    input.type = "checkbox";
    // The key for it is Mod-Enter on the line: a note with a hundred tasks must not be a hundred stops of the Tab key.
    input.tabIndex = -1;
    input.addEventListener("change", () => toggleTaskAt(view, view.posAtDOM(box)));
    box.append(input);
    this.show(input);
    return box;
  }
  override updateDOM(box: HTMLElement) {
    const input = box.querySelector("input");
    if (!input) return false;
    this.show(input);
    return true;
  }
  private show(input: HTMLInputElement) {
    input.checked = this.done;
    input.disabled = this.readOnly;
    input.setAttribute("aria-label", this.label || t("editor.task.unnamed"));
  }
  override ignoreEvent() {
    return true;
  }
}

/** A small arrow after a link that opens it: where there is no Mod key there is a finger. */
export class OpenLinkWidget extends WidgetType {
  constructor(readonly address: string) {
    super();
  }
  override eq(other: OpenLinkWidget) {
    return other.address === this.address;
  }
  override toDOM() {
    const link = document.createElement("a");
    link.className = "md-open";
    leadOut(link, this.address);
    link.tabIndex = -1;
    link.title = this.address;
    link.setAttribute("aria-label", t("editor.link.open", { address: this.address }));
    return link;
  }
  override ignoreEvent() {
    return true;
  }
}
