/**
 * The live look: Markdown drawn as what it means, on its own source.
 *
 * Owns when the look is made anew and the walk over the visible part of the syntax tree; what each kind of node becomes stands
 * in `blocks.ts`, `inline.ts` and `images.ts`. What a reader would get wrong: only visible lines are looked at, whatever the
 * length of the note; that is why this is a view plugin and why nothing here may change the height of lines out of sight.
 */
import { syntaxTree } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { blockEntered, blockLeft, finishLines } from "./blocks";
import { Canvas } from "./canvas";
import { inlineEntered } from "./inline";
import { tableRules } from "./tables";

class LiveLook {
  decorations!: DecorationSet;
  atoms!: DecorationSet;
  isolates!: DecorationSet;

  constructor(view: EditorView) {
    this.draw(view);
  }

  update(update: ViewUpdate) {
    const changed =
      update.docChanged ||
      update.viewportChanged ||
      update.selectionSet ||
      update.focusChanged ||
      syntaxTree(update.startState) !== syntaxTree(update.state) ||
      update.startState.readOnly !== update.state.readOnly;
    if (changed) this.draw(update.view);
  }

  private draw(view: EditorView) {
    const canvas = new Canvas(view);
    const tree = syntaxTree(view.state);
    for (const visible of view.visibleRanges) {
      // Every visible line finds its own direction, also one that the parser has not come to.
      canvas.eachLine(visible.from, visible.to, () => {});
      const depth = { quote: 0, list: 0 };
      tree.iterate({
        from: visible.from,
        to: visible.to,
        enter: (node) => {
          if (blockEntered(canvas, node, depth, visible) === false) return false;
          return inlineEntered(canvas, node);
        },
        leave: (node) => blockLeft(node, depth),
      });
      finishLines(canvas, visible);
    }
    Object.assign(this, canvas.finish());
  }
}

const plugin = ViewPlugin.fromClass(LiveLook, {
  decorations: (look) => look.decorations,
  provide: (look) => [
    EditorView.atomicRanges.of((view) => view.plugin(look)?.atoms ?? Decoration.none),
    EditorView.bidiIsolatedRanges.of((view) => view.plugin(look)?.isolates ?? Decoration.none),
  ],
});

export const liveLook: Extension = [EditorView.perLineTextDirection.of(true), plugin, Prec.low(tableRules)];
