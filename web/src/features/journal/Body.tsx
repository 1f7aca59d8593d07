import type { ReactNode } from "react";
import { fileAddress } from "./api";
import { Formula } from "./Formula";
import { linkOf, type TextNode } from "./write/document";
import { Player } from "./write/RecordingDialog";

function inline(nodes: readonly TextNode[] | undefined): ReactNode {
  return nodes?.map((node, i) => {
    if (node.type === "hardBreak") return <br key={i} />;
    if (node.type === "formula") return <Formula key={i} source={String(node.attrs?.source ?? "")} />;
    let words: ReactNode = node.text;
    for (const mark of node.marks ?? []) {
      if (mark.type === "bold") words = <strong>{words}</strong>;
      else if (mark.type === "italic") words = <em>{words}</em>;
      else if (mark.type === "link") {
        const href = linkOf(String(mark.attrs?.href ?? ""));
        if (href)
          words = (
            <a href={href} target="_blank" rel="noreferrer nofollow">
              {words}
            </a>
          );
      }
    }
    return <span key={i}>{words}</span>;
  });
}

function Block({ node }: { node: TextNode }): ReactNode {
  const inside = () => node.content?.map((child, i) => <Block key={i} node={child} />);
  switch (node.type) {
    case "paragraph":
      return <p>{inline(node.content)}</p>;
    case "heading":
      return Number(node.attrs?.level) <= 2 ? <h3>{inline(node.content)}</h3> : <h4>{inline(node.content)}</h4>;
    case "bulletList":
      return <ul>{inside()}</ul>;
    case "orderedList":
      return <ol start={Number(node.attrs?.start ?? 1)}>{inside()}</ol>;
    case "listItem":
      return <li>{inside()}</li>;
    case "blockquote":
      return <blockquote>{inside()}</blockquote>;
    case "horizontalRule":
      return <hr />;
    case "image": {
      const { file, alt, credit, caption } = node.attrs ?? {};
      return (
        <figure>
          <img src={fileAddress(String(file))} alt={String(alt ?? "")} />
          {Boolean(caption || credit) && (
            <figcaption>
              {String(caption ?? "")} {credit ? <small>{String(credit)}</small> : null}
            </figcaption>
          )}
        </figure>
      );
    }
    case "recording": {
      const { file, kind, name, words, credit } = node.attrs ?? {};
      return (
        <figure>
          <Player file={String(file)} kind={String(kind)} name={String(name ?? "")} />
          <figcaption>
            {String(name ?? "")} {credit ? <small>{String(credit)}</small> : null}
          </figcaption>
          {String(words ?? "")
            .split("\n")
            .filter((line) => line !== "")
            .map((line, i) => (
              <p key={i}>{line}</p>
            ))}
        </figure>
      );
    }
    default:
      return null;
  }
}

/** The text of a piece, to read. Only what the server lets through is shown. */
export function Body({ text }: { text: TextNode }) {
  return (
    <div className="piece-text">
      {text.content?.map((node, i) => <Block key={i} node={node} />)}
    </div>
  );
}
