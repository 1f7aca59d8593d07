import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { readFormula } from "./api";
import { usePlace } from "./place";

/** A formula as the server reads it: MathML, and how it is said. */
export function useFormula(source: string) {
  const { school } = usePlace();
  return useQuery({ queryKey: ["formula", source], queryFn: () => readFormula(school, source), staleTime: Number.POSITIVE_INFINITY, retry: false });
}

/** A formula that the server has turned into MathML, or its source until then. */
export function Formula({ source }: { source: string }) {
  const shown = useFormula(source);
  if (!shown.data) return <code>{source}</code>;
  return <MathML markup={shown.data.mathml} />;
}

/** MathML as the server wrote it, put in as elements: nothing of it is taken for HTML. */
export function MathML({ markup }: { markup: string }) {
  const holder = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const read = new DOMParser().parseFromString(markup.replace("<math ", '<math xmlns="http://www.w3.org/1998/Math/MathML" '), "application/xml").documentElement;
    if (read.localName === "math") holder.current?.replaceChildren(document.importNode(read, true));
  }, [markup]);
  return <span className="formula" ref={holder} />;
}
