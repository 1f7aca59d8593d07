import { mergeAttributes, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { ListItem } from "@tiptap/extension-list";
import { ReactNodeViewRenderer } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { fileAddress } from "../api";
import { linkOf } from "./document";
import { FormulaView } from "./FormulaView";
import { PictureView } from "./PictureView";
import type { RecordingWords } from "./RecordingDialog";
import { RecordingView } from "./RecordingView";

/** What is said of a picture in a text. */
export interface PictureWords {
  file: string;
  alt: string;
  credit: string;
  caption: string;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    picture: { putPicture: (words: PictureWords) => ReturnType };
    recording: { putRecording: (words: RecordingWords) => ReturnType };
    formula: { putFormula: (source: string) => ReturnType };
  }
}

/** A picture between two paragraphs: a file of the journal, never an address. */
const Picture = Node.create({
  name: "image",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ file: { default: "" }, alt: { default: "" }, credit: { default: "" }, caption: { default: "" } }),
  // Nothing that is pasted becomes a picture: its file would be elsewhere.
  parseHTML: () => [],
  renderHTML: ({ node, HTMLAttributes }) => ["img", mergeAttributes({ src: fileAddress(String(node.attrs.file)), alt: String(node.attrs.alt) }, { "data-file": HTMLAttributes.file })],
  addNodeView: () => ReactNodeViewRenderer(PictureView),
  addCommands() {
    return {
      putPicture:
        (words) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: words }),
    };
  },
});

/** A sound or a film between two paragraphs: a file of the journal. */
const Recording = Node.create({
  name: "recording",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ file: { default: "" }, kind: { default: "sound" }, name: { default: "" }, words: { default: "" }, credit: { default: "" }, captions: { default: "" } }),
  parseHTML: () => [],
  renderHTML: ({ node }) => ["p", String(node.attrs.name)],
  addNodeView: () => ReactNodeViewRenderer(RecordingView),
  addCommands() {
    return {
      putRecording:
        (words) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: words }),
    };
  },
});

/** A formula among words, kept as it was typed. */
const FormulaNode = Node.create({
  name: "formula",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ source: { default: "" } }),
  parseHTML: () => [],
  renderHTML: ({ node }) => ["span", String(node.attrs.source)],
  addNodeView: () => ReactNodeViewRenderer(FormulaView),
  addCommands() {
    return {
      putFormula:
        (source) =>
        ({ commands }) =>
          commands.insertContent({ type: this.name, attrs: { source } }),
    };
  },
});

/** The blocks and marks that the server lets through, and no other. Tab leaves the text, lists too: it is the way out by keyboard. */
export const extensions = [
  StarterKit.configure({
    heading: { levels: [2, 3] },
    code: false,
    codeBlock: false,
    strike: false,
    underline: false,
    trailingNode: false,
    blockquote: false,
    listItem: false,
    link: { openOnClick: false, autolink: true, protocols: ["mailto"], isAllowedUri: (url) => linkOf(url) !== null, HTMLAttributes: { target: null, rel: null, class: null } },
  }),
  Blockquote.extend({ content: "(paragraph | bulletList | orderedList)+" }),
  ListItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*", addKeyboardShortcuts: () => ({ Enter: ({ editor }) => editor.commands.splitListItem("listItem") }) }),
  Picture,
  Recording,
  FormulaNode,
];
