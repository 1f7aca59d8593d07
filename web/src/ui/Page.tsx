import { ChevronLeft } from "lucide-react";
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useId, useRef } from "react";
import { Link } from "wouter";
import { hasNavigated } from "./arrival";
import "./Page.css";

/**
 * Titles the document and, when the person came from another page of Préau,
 * moves focus to the heading, which a screen reader then reads.
 */
export function useHeading(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title ? `${title} · Préau` : "Préau";
  }, [title]);
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}

type PageProps = {
  /** Says where one is. */
  title: string;
  /** Where one is in a page of several steps: said before the title of the document. */
  step?: string;
  /** A line above the title: the school, the year. */
  over?: ReactNode;
  /** A line below the title. */
  intro?: ReactNode;
  /** The one main action, and at most a menu for the rest. */
  action?: ReactNode;
  back?: { href: string; label: string };
  /** Reading and forms: 44 rem at most. */
  narrow?: boolean;
  children?: ReactNode;
};

/** A page of staff: its title, its main action at the top right, then what it holds. */
export function Page({ title, step, over, intro, action, back, narrow, children }: PageProps) {
  const heading = useHeading(step ? `${step} · ${title}` : title);
  return (
    <div className={`page${narrow ? " page-narrow" : ""}`}>
      <header className="page-head">
        <div className="page-titles">
          {back && (
            <Link href={back.href} className="page-back no-print">
              <ChevronLeft aria-hidden size={18} />
              {back.label}
            </Link>
          )}
          {over && <p className="page-over">{over}</p>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {intro && <p className="page-over">{intro}</p>}
        </div>
        {action && <div className="page-actions no-print">{action}</div>}
      </header>
      {children}
    </div>
  );
}

/** The level of the headings of cards: 3 where they stand under a heading of level 2. */
export const CardLevel = createContext<2 | 3>(2);

/** A part of a page, on chalk, under its own heading. */
export function Card({ title, intro, action, children, id }: { title?: string; intro?: ReactNode; action?: ReactNode; children?: ReactNode; id?: string }) {
  const heading = useId();
  const Heading = useContext(CardLevel) === 3 ? "h3" : "h2";
  return (
    <section className="card" aria-labelledby={title ? heading : undefined} id={id}>
      {(title || action) && (
        <div className="card-head">
          {title && <Heading id={heading}>{title}</Heading>}
          {action}
        </div>
      )}
      {intro && <p className="card-intro">{intro}</p>}
      {children}
    </section>
  );
}
