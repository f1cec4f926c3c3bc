/** Columns of equal width; the last one as long as it likes. */
export function padTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** "400 offers: 61.2, hits: 0.76". */
export function listPairs(pairs: Readonly<Record<string, string | number | boolean | null>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}: ${value ?? '–'}`)
    .join(', ')
}
