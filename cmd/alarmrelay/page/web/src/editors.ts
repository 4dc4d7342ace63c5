// Text editors. Each stands in a shadow tree: there CodeMirror uses sheets of style, which a strict Content-Security-Policy
// allows, instead of elements, which it does not.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Wanted {
  language: "json" | "yaml";
  label: string;
  text?: string;
  hint?: string;
  complete?: CompletionSource;
  changed?(text: string): void;
  submit?(): void;
  more?: Extension;
}

// newEditor puts an editor into an element.
export function newEditor(into: HTMLElement, wanted: Wanted): EditorView {
  const root = into.attachShadow({ mode: "open" });
  const parent = document.createElement("div");
  parent.className = "frame";
  parent.style.height = "100%"; // a long text is scrolled within, where no sheet of the page reaches
  root.append(parent);
  const submit = () => {
    wanted.submit?.();
    return wanted.submit !== undefined;
  };
  const extensions: Extension[] = [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    wanted.language === "yaml" ? yaml() : json(),
    syntaxHighlighting(colours),
    autocompletion(wanted.complete ? { override: [wanted.complete], icons: false } : { icons: false }),
    lintGutter(),
    keymap.of([{ key: "Mod-Enter", run: submit, preventDefault: true }]),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
    wanted.language === "yaml" ? keymap.of([indentWithTab]) : [],
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": wanted.label, tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
    EditorView.updateListener.of((update) => update.docChanged && wanted.changed?.(update.state.doc.toString())),
    placeholder(wanted.hint ?? ""),
    look,
    wanted.more ?? [],
  ];
  const view = new EditorView({ state: EditorState.create({ doc: wanted.text ?? "", extensions }), parent, root });
  // Whoever clicks beside the text wants to write, too.
  root.addEventListener("mousedown", (event) => {
    if (!(event.target as Element).closest(".cm-content, .cm-panel, .cm-tooltip")) setTimeout(() => view.focus());
  });
  return view;
}

// write replaces an editor's text, unless it is that already.
export function write(editor: EditorView, text: string): void {
  if (editor.state.doc.toString() === text) return;
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
}

// goTo puts the cursor at a place, both numbers counted from 1, and looks at it.
export function goTo(editor: EditorView, line: number, column: number): void {
  const l = editor.state.doc.line(Math.max(1, Math.min(line, editor.state.doc.lines)));
  const at = Math.min(l.from + Math.max(0, column - 1), l.to);
  editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  editor.focus();
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--faint)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "var(--field)" },
  "&.cm-focused": { outline: "none" }, // the frame around it has one
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--field)", color: "var(--faint)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch, .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-placeholder": { color: "var(--faint)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--panel)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip": { borderRadius: "6px", boxShadow: "0 4px 16px #0004", maxWidth: "min(460px, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "#fff" },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", font: "13px/1.4 var(--sans)" },
  ".cm-completionDetail": { color: "var(--faint)", fontStyle: "normal" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-diagnostic": { padding: "4px 8px", font: "13px/1.4 var(--sans)" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-button, .cm-textfield": { backgroundImage: "none", backgroundColor: "var(--field)", color: "var(--text)", border: "1px solid var(--line)" },
});
