import { type ReactNode, useState } from "react";
import { useT } from "@/i18n";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import "./Table.css";

/** A column. On a narrow screen each row is a card, where `head` stands before the value. */
export type Column<R> = {
  id: string;
  head: string;
  cell: (row: R) => ReactNode;
  /** The column that names the row. Exactly one. */
  main?: boolean;
  end?: boolean;
  /** The head is heard, not seen: a column of buttons. */
  headHidden?: boolean;
  /** On a narrow screen, the value stands alone: it says by itself what it is. */
  plain?: boolean;
  /** On a narrow screen, beside what names the row: one short button. */
  beside?: boolean;
};

type Props<R> = {
  /** Names the table for a screen reader. */
  label: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowId: (row: R) => string;
  /** The name of a row in words, for its box. */
  rowName?: (row: R) => string;
  /** Gives boxes: the chosen ids. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** Shown at first and at each press of "Afficher la suite"; 200 when not given. */
  page?: number;
};

/** A table that can be read by row, on any width, with two thousand rows. */
export function Table<R>({ label, rows, columns, rowId, rowName, selected, onSelect, page = 200 }: Props<R>) {
  const t = useT("ui");
  const [shown, setShown] = useState(page);
  const visible = rows.length > shown ? rows.slice(0, shown) : rows;
  const count = selected ? rows.filter((row) => selected.has(rowId(row))).length : 0;
  const toggle = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    onSelect?.(next);
  };
  return (
    <div className="table-frame">
      <table className="table" role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <thead role="rowgroup">
          <tr role="row">
            {onSelect && (
              <th role="columnheader" scope="col" className="table-mark">
                <Checkbox
                  label={t("select_all")}
                  checked={count > 0 && count === rows.length}
                  mixed={count > 0 && count < rows.length}
                  onChange={(on) => onSelect(new Set(on ? rows.map(rowId) : []))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.id} role="columnheader" scope="col" className={column.end ? "table-end" : undefined}>
                {column.headHidden ? <span className="heard">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {visible.map((row) => {
            const id = rowId(row);
            const isSelected = selected?.has(id) ?? false;
            return (
              <tr key={id} role="row" aria-selected={onSelect ? isSelected : undefined}>
                {onSelect && (
                  <td role="cell" className="table-mark">
                    <Checkbox label={t("select_row", { name: rowName?.(row) ?? id })} checked={isSelected} onChange={(on) => toggle(id, on)} />
                  </td>
                )}
                {columns.map((column) =>
                  column.main ? (
                    <th key={column.id} role="rowheader" scope="row">
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td
                      key={column.id}
                      role="cell"
                      className={[column.end && "table-end", column.beside && "table-beside"].filter(Boolean).join(" ") || undefined}
                      data-head={column.headHidden ? undefined : column.plain ? "" : column.head}
                    >
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > shown && (
        <div className="table-foot">
          <Button onPress={() => setShown(shown + page)}>{t("show_more", { count: rows.length - shown })}</Button>
        </div>
      )}
    </div>
  );
}
