import { EditorContent, useEditor } from "@tiptap/react";
import { useId, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, TextField } from "@/ui";
import { usePlace } from "../place";
import { countWords, forServer, linkOf, type TextNode } from "./document";
import { FormulaDialog } from "./FormulaDialog";
import { PictureDialog } from "./PictureDialog";
import { RecordingDialog } from "./RecordingDialog";
import { extensions } from "./schema";
import { Toolbar } from "./Toolbar";

/** The text itself. It starts from `text` and tells each change. */
export function Prose({ text, onChange }: { text: TextNode; onChange: (text: TextNode) => void }) {
  const t = useT("desk");
  const { school, tu } = usePlace();
  const help = useId();
  const [linking, setLinking] = useState<string | null>(null);
  const [putting, setPutting] = useState<"picture" | "recording" | "formula" | null>(null);
  const put = () => setPutting(null);
  const [words, setWords] = useState(() => countWords(text));
  const tell = useRef(onChange);
  tell.current = onChange;
  const label = t("body");
  // The editor is made once: the language may change meanwhile.
  const named = useRef(label);
  named.current = label;
  const editor = useEditor({
    extensions,
    content: (text.content?.length ?? 0) > 0 ? text : null,
    injectCSS: false,
    editorProps: { attributes: () => ({ class: "prose field-input", role: "textbox", "aria-multiline": "true", "aria-label": named.current, "aria-describedby": help, spellcheck: "true" }) },
    onUpdate: ({ editor: e }) => {
      const now = forServer(e.getJSON() as TextNode);
      setWords(countWords(now));
      tell.current(now);
    },
  });
  if (!editor) return null;
  const link = (href: string) => {
    const chain = editor.chain().focus().extendMarkRange("link");
    if (editor.state.selection.empty && !editor.isActive("link")) chain.insertContent({ type: "text", text: href.replace(/^(https?:\/\/|mailto:)/, "").replace(/\/$/, ""), marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
  };
  return (
    <div className="field field-wide">
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      <Toolbar editor={editor} onLink={() => setLinking(String(editor.getAttributes("link").href ?? ""))} onPut={setPutting} />
      <EditorContent editor={editor} />
      <p className="field-help" id={help}>
        {t(`body_help${tu}`)} {t("words", { count: words })}
      </p>
      <Dialog title={t("tool_link")} open={linking !== null} onClose={() => setLinking(null)}>
        <Form
          onSubmit={(data) => {
            const href = linkOf(String(data.get("href") ?? ""));
            setLinking(null);
            if (href) link(href);
          }}
        >
          <TextField label={t("link_to")} name="href" required maxLength={2000} inputMode="text" autoCapitalize="off" defaultValue={linking ?? ""} check={(v) => (linkOf(v) ? null : t("link_wrong"))} help={t("link_help")} wide autoFocus />
          <Actions>
            <Button type="submit" tone="main">
              {t("link_put")}
            </Button>
            {linking && (
              <Button
                onPress={() => {
                  editor.chain().focus().extendMarkRange("link").unsetLink().run();
                  setLinking(null);
                }}
              >
                {t("link_remove")}
              </Button>
            )}
          </Actions>
        </Form>
      </Dialog>
      <PictureDialog open={putting === "picture"} onClose={put} withCaption onDone={(picture) => editor.chain().focus().putPicture(picture).run()} />
      <RecordingDialog open={putting === "recording"} onClose={put} onDone={(recording) => editor.chain().focus().putRecording(recording).run()} />
      <FormulaDialog school={school} open={putting === "formula"} onClose={put} onDone={(source) => editor.chain().focus().putFormula(source).run()} />
    </div>
  );
}
