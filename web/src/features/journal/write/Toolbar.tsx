import { type Editor, useEditorState } from "@tiptap/react";
import { Bold, Heading2, Heading3, ImagePlus, Italic, Link2, List, ListOrdered, Minus, Play, Quote, Redo2, Sigma, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Group } from "react-aria-components/Group";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { Toolbar as AriaToolbar } from "react-aria-components/Toolbar";
import { useT } from "@/i18n";
import { announce } from "@/ui";

function Mark({ on, onChange, icon, children }: { on: boolean; onChange: () => void; icon: ReactNode; children: string }) {
  const t = useT("desk");
  return (
    <ToggleButton
      className="tool-key"
      isSelected={on}
      onChange={(is) => {
        onChange();
        announce(t(is ? "tool_on" : "tool_off", { name: children }));
      }}
    >
      {icon}
      <span>{children}</span>
    </ToggleButton>
  );
}

function Act({ onPress, off, icon, children }: { onPress: () => void; off?: boolean; icon: ReactNode; children: string }) {
  return (
    <Button className={`tool-key${off ? " tool-key-off" : ""}`} aria-disabled={off || undefined} onPress={off ? undefined : onPress}>
      {icon}
      <span>{children}</span>
    </Button>
  );
}

/** What shapes the text: one stop of the Tab key, arrows inside. Each key says its word, and whether it is on. */
export function Toolbar({ editor, onLink, onPut }: { editor: Editor; onLink: () => void; onPut: (what: "picture" | "recording" | "formula") => void }) {
  const t = useT("desk");
  const is = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      bold: e.isActive("bold"),
      italic: e.isActive("italic"),
      h2: e.isActive("heading", { level: 2 }),
      h3: e.isActive("heading", { level: 3 }),
      bullets: e.isActive("bulletList"),
      numbers: e.isActive("orderedList"),
      quote: e.isActive("blockquote"),
      link: e.isActive("link"),
      undo: e.can().undo(),
      redo: e.can().redo(),
    }),
  });
  const on = () => editor.chain().focus();
  const icon = { "aria-hidden": true, size: 20 } as const;
  return (
    <AriaToolbar className="tools" aria-label={t("toolbar")}>
      <Group className="tools-part" aria-label={t("tools_letters")}>
        <Mark on={is.bold} onChange={() => on().toggleBold().run()} icon={<Bold {...icon} />}>
          {t("tool_bold")}
        </Mark>
        <Mark on={is.italic} onChange={() => on().toggleItalic().run()} icon={<Italic {...icon} />}>
          {t("tool_italic")}
        </Mark>
        <Act onPress={onLink} icon={<Link2 {...icon} />}>
          {t(is.link ? "tool_link_change" : "tool_link")}
        </Act>
      </Group>
      <Group className="tools-part" aria-label={t("tools_blocks")}>
        <Mark on={is.h2} onChange={() => on().toggleHeading({ level: 2 }).run()} icon={<Heading2 {...icon} />}>
          {t("tool_h2")}
        </Mark>
        <Mark on={is.h3} onChange={() => on().toggleHeading({ level: 3 }).run()} icon={<Heading3 {...icon} />}>
          {t("tool_h3")}
        </Mark>
        <Mark on={is.bullets} onChange={() => on().toggleBulletList().run()} icon={<List {...icon} />}>
          {t("tool_bullets")}
        </Mark>
        <Mark on={is.numbers} onChange={() => on().toggleOrderedList().run()} icon={<ListOrdered {...icon} />}>
          {t("tool_numbers")}
        </Mark>
        <Mark on={is.quote} onChange={() => on().toggleBlockquote().run()} icon={<Quote {...icon} />}>
          {t("tool_quote")}
        </Mark>
      </Group>
      <Group className="tools-part" aria-label={t("tools_put")}>
        <Act onPress={() => onPut("picture")} icon={<ImagePlus {...icon} />}>
          {t("tool_picture")}
        </Act>
        <Act onPress={() => onPut("recording")} icon={<Play {...icon} />}>
          {t("tool_recording")}
        </Act>
        <Act onPress={() => onPut("formula")} icon={<Sigma {...icon} />}>
          {t("tool_formula")}
        </Act>
        <Act onPress={() => on().setHorizontalRule().run()} icon={<Minus {...icon} />}>
          {t("tool_rule")}
        </Act>
      </Group>
      <Group className="tools-part" aria-label={t("tools_back")}>
        <Act off={!is.undo} onPress={() => on().undo().run()} icon={<Undo2 {...icon} />}>
          {t("tool_undo")}
        </Act>
        <Act off={!is.redo} onPress={() => on().redo().run()} icon={<Redo2 {...icon} />}>
          {t("tool_redo")}
        </Act>
      </Group>
    </AriaToolbar>
  );
}
