/** Columns and items as an HTML table. The first column names its row. */
import { html } from "./html-text";
import { filledColumns, type ReportColumn } from "./report-columns";

export function* htmlTable<T>(
  caption: string,
  columns: readonly ReportColumn<T>[],
  items: readonly T[],
  /** Further cells of a row, made of text by `html`. */
  more: { title: string; cell(item: T): string } | null = null,
): Generator<string> {
  const filled = filledColumns(columns, items);
  const head = filled.map(({ title, right }) =>
    title === "" ? "<td></td>" : `<th scope="col"${right ? ' class="right"' : ""}>${html(title)}</th>`,
  );
  if (more) head.push(more.title === "" ? "<td></td>" : `<th scope="col">${html(more.title)}</th>`);
  // Wider than a narrow window, it scrolls by itself: hence reachable by the keyboard.
  yield `<div class="report-table" role="region" aria-label="${html(caption)}" tabindex="0"><table>
<caption>${html(caption)}</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
`;
  for (let row = 0; row < items.length; row++) {
    const cells = filled.map(({ right, cells }, at) => {
      const text = html(cells[row]!);
      return at === 0 ? `<th scope="row">${text}</th>` : `<td${right ? ' class="right"' : ""}>${text}</td>`;
    });
    if (more) cells.push(`<td class="picture">${more.cell(items[row]!)}</td>`);
    yield `<tr>${cells.join("")}</tr>\n`;
  }
  yield "</tbody></table></div>\n";
}
