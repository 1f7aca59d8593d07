import "./Mark.css";

/** The mark of Préau: a covered yard and its plane tree. */
export function Mark({ size = 36 }: { size?: number }) {
  return (
    <svg className="mark" viewBox="0 0 48 48" width={size} height={size} aria-hidden="true">
      <circle className="mark-leaf" cx="34" cy="17" r="10" />
      <circle className="mark-leaf" cx="26.5" cy="13" r="7" />
      <path className="mark-line" d="M33 41V18m0 9 4.5-4M33 30l-4-3.5" />
      <path className="mark-roof" d="M4 26 16 18l12 8v3H4z" />
      <path className="mark-line" d="M7.5 29v12M24.5 29v12M3 41h42" />
    </svg>
  );
}

/** A quiet morning under the roof: the drawing of the pages before one is signed in. */
export function Yard() {
  return (
    <svg className="yard" viewBox="0 0 640 204" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <circle className="yard-sun" cx="92" cy="64" r="28" />
      <g className="yard-tree">
        <circle cx="452" cy="82" r="46" />
        <circle cx="500" cy="60" r="54" />
        <circle cx="548" cy="92" r="44" />
        <circle cx="500" cy="104" r="48" />
      </g>
      <path className="yard-line" d="M500 196v-92m0 40 26-24m-26 42-30-26" />
      <path className="yard-roof" d="M150 112 268 58l118 54v14H150z" />
      <path className="yard-line" d="M172 126v70M232 126v70M304 126v70M364 126v70M16 196h608" />
    </svg>
  );
}
