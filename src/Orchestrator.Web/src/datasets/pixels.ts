export type Pixels = { width: number; height: number; values: number[]; low: number; high: number };

const fewest = 16;

/** A row's pixels, where its columns are numbered ones of one prefix that fill a square; null where it is no picture. */
export function pixelsOf(cells: Record<string, string>): Pixels | null {
  const numbered = Object.entries(cells)
    .map(([name, value]) => ({ match: /^(.*?)(\d+)$/.exec(name), value: Number(value) }))
    .filter((cell) => cell.match !== null && Number.isFinite(cell.value));
  const prefixes = new Map<string, { at: number; value: number }[]>();
  for (const { match, value } of numbered) {
    const [, prefix, at] = match!;
    prefixes.set(prefix!, [...(prefixes.get(prefix!) ?? []), { at: Number(at), value }]);
  }
  const [cellsOfPicture] = [...prefixes.values()].sort((left, right) => right.length - left.length);
  const width = Math.sqrt(cellsOfPicture?.length ?? 0);
  if (!cellsOfPicture || cellsOfPicture.length < fewest || !Number.isInteger(width)) {
    return null;
  }
  const values = cellsOfPicture.sort((left, right) => left.at - right.at).map((cell) => cell.value);
  return { width, height: width, values, low: Math.min(...values), high: Math.max(...values) };
}
