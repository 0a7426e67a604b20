/**
 * Find and replace inside the note: the panel. The search itself is CodeMirror's.
 *
 * Owns the panel's form and its count of matches. Plain elements instead of React: CodeMirror puts the panel in and out, and it
 * must be there at once. What a reader would get wrong: matches are counted in an idle moment and only to a limit; a note of a
 * megabyte has a great many `e`s.
 */
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  SearchQuery,
  search,
  setSearchQuery,
} from "@codemirror/search";
import { EditorState, type Extension, StateEffect } from "@codemirror/state";
import { EditorView, keymap, type Panel, runScopeHandlers, type ViewUpdate } from "@codemirror/view";
import { type MessageKey, t } from "@/shared/i18n/all";
import { whenIdle } from "../idle";
import { icon } from "./icons";

const countedMatches = 999;

const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: Node[]
): HTMLElementTagNameMap[K] => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

function iconButton(label: MessageKey, name: Parameters<typeof icon>[0], run: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", className: "find-icon", title: t(label), onclick: run }, icon(name));
  button.setAttribute("aria-label", t(label));
  return button;
}

const textButton = (label: MessageKey, run: () => void) =>
  make("button", { type: "button", className: "find-button", textContent: t(label), onclick: run });

function input(label: MessageKey, value: string): HTMLInputElement {
  const field = make("input", {
    type: "text",
    value,
    placeholder: t(label),
    className: "find-input",
    spellcheck: false,
  });
  field.setAttribute("aria-label", t(label));
  field.autocapitalize = "off";
  field.autocomplete = "off";
  return field;
}

class FindPanel implements Panel {
  readonly dom: HTMLElement;
  readonly top = true;
  private query: SearchQuery;
  private readonly words: HTMLInputElement;
  private readonly replacement: HTMLInputElement;
  private readonly matchCase: HTMLButtonElement;
  private readonly count = make("span", { className: "find-count" });
  private stop = () => {};

  constructor(private readonly view: EditorView) {
    this.query = getSearchQuery(view.state);
    this.words = input("editor.find.words", this.query.search);
    this.words.setAttribute("main-field", "true");
    this.replacement = input("editor.find.replacement", this.query.replace);
    this.matchCase = textButton("editor.find.case", () => this.setCase(!this.query.caseSensitive));
    this.matchCase.title = t("editor.find.caseHint");
    this.count.setAttribute("role", "status");
    for (const field of [this.words, this.replacement]) field.oninput = () => this.commit();
    this.dom = make(
      "div",
      { className: "find", onkeydown: (event: KeyboardEvent) => this.key(event) },
      make(
        "div",
        { className: "find-row" },
        make("div", { className: "find-field" }, this.words, this.count),
        ...(view.state.readOnly ? [this.matchCase] : []),
        iconButton("editor.find.previous", "up", () => findPrevious(view)),
        iconButton("editor.find.next", "down", () => findNext(view)),
        iconButton("editor.find.close", "close", () => closeSearchPanel(view)),
      ),
    );
    this.dom.setAttribute("role", "search");
    this.dom.setAttribute("aria-label", t("editor.find.title"));
    if (!view.state.readOnly) {
      this.dom.append(
        make(
          "div",
          { className: "find-row" },
          this.replacement,
          this.matchCase,
          textButton("editor.find.replace", () => replaceNext(view)),
          textButton("editor.find.replaceAll", () => replaceAll(view)),
        ),
      );
    }
    this.show();
  }

  mount() {
    this.words.select();
  }

  update(update: ViewUpdate) {
    for (const transaction of update.transactions) {
      for (const effect of transaction.effects) {
        if (!effect.is(setSearchQuery) || effect.value.eq(this.query)) continue;
        this.query = effect.value;
        if (this.words.value !== this.query.search) this.words.value = this.query.search;
        if (this.replacement.value !== this.query.replace) this.replacement.value = this.query.replace;
        this.show();
      }
    }
    if (update.docChanged || update.selectionSet) this.show();
  }

  destroy() {
    this.stop();
  }

  private setCase(caseSensitive: boolean) {
    this.commit(caseSensitive);
  }

  private commit(caseSensitive = this.query.caseSensitive) {
    const query = new SearchQuery({
      search: this.words.value,
      replace: this.replacement.value,
      caseSensitive,
      // What is typed is meant: `\n` finds a backslash and an n.
      literal: true,
    });
    if (query.eq(this.query)) return;
    const wordsChanged = query.search !== this.query.search;
    this.query = query;
    this.view.dispatch({ effects: setSearchQuery.of(query) });
    if (wordsChanged && query.valid) this.showFirst();
    this.show();
  }

  /** The match at the cursor or the first one after it, while the words are being typed; around the end if there is none. */
  private showFirst() {
    const { state } = this.view;
    const { from } = state.selection.main;
    let match = this.query.getCursor(state, from).next();
    if (match.done)
      match = this.query.getCursor(state, 0, Math.min(state.doc.length, from + this.query.search.length)).next();
    if (match.done) return;
    this.view.dispatch({
      selection: { anchor: match.value.from, head: match.value.to },
      effects: EditorView.scrollIntoView(match.value.from, { y: "nearest", yMargin: 96 }),
      userEvent: "select.search",
    });
  }

  private key(event: KeyboardEvent) {
    if (runScopeHandlers(this.view, event, "search-panel")) {
      event.preventDefault();
    } else if (event.key === "Enter" && event.target === this.words) {
      event.preventDefault();
      (event.shiftKey ? findPrevious : findNext)(this.view);
    } else if (event.key === "Enter" && event.target === this.replacement) {
      event.preventDefault();
      replaceNext(this.view);
    }
  }

  private show() {
    this.matchCase.setAttribute("aria-pressed", String(this.query.caseSensitive));
    this.stop();
    if (!this.query.valid) {
      this.count.textContent = "";
      return;
    }
    this.stop = whenIdle(() => this.showCount());
  }

  private showCount() {
    const { main } = this.view.state.selection;
    const matches = this.query.getCursor(this.view.state);
    let total = 0;
    let current = 0;
    for (let match = matches.next(); !match.done && total <= countedMatches; match = matches.next()) {
      total += 1;
      if (match.value.from === main.from && match.value.to === main.to) current = total;
    }
    if (total === 0) this.count.textContent = t("editor.find.none");
    else if (total > countedMatches) this.count.textContent = t("editor.find.many", { count: countedMatches });
    else if (current) this.count.textContent = t("editor.find.position", { current, count: total });
    else this.count.textContent = t("editor.find.count", { count: total });
  }
}

/** What CodeMirror says aloud about a search, in our language. */
const phrases = () =>
  EditorState.phrases.of({
    "current match": t("editor.find.spoken.current"),
    "on line": t("editor.find.spoken.onLine"),
    "replaced match on line $": t("editor.find.spoken.replaced"),
    "replaced $ matches": t("editor.find.spoken.replacedAll"),
  });

const extension = (): Extension => [
  search({ top: true, literal: true, createPanel: (view) => new FindPanel(view) }),
  phrases(),
  keymap.of([
    { key: "Mod-f", run: openSearchPanel, scope: "search-panel" },
    { key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel", preventDefault: true },
    { key: "Mod-g", run: findNext, shift: findPrevious, scope: "editor search-panel", preventDefault: true },
    { key: "Escape", run: closeSearchPanel, scope: "editor search-panel" },
  ]),
];

const prepared = new WeakSet<EditorView>();

/** Opens the panel, or goes back to it; the first time it becomes a part of that editor. */
export function openFind(view: EditorView): void {
  if (!prepared.has(view)) {
    prepared.add(view);
    view.dispatch({ effects: StateEffect.appendConfig.of(extension()) });
  }
  openSearchPanel(view);
}
