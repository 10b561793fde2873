/** Columns as wide as their widest cell; the first row is underlined. */
export function resultTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd(),
  );
  const [headings = "", ...rest] = lines;
  return [headings, widths.map((width) => "-".repeat(width)).join("   "), ...rest].join("\n");
}
