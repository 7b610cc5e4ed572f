export type Pixels = { width: number; height: number; values: number[]; low: number; high: number };

const fewest = 16;

/** The columns that are the pixels of a picture, in its order: numbered ones of one prefix that fill a square; none where rows are no pictures. */
export function pixelColumns(columns: string[]): string[] {
  const prefixes = new Map<string, { at: number; name: string }[]>();
  for (const name of columns) {
    const match = /^(.*?)(\d+)$/.exec(name);
    if (match) {
      prefixes.set(match[1]!, [...(prefixes.get(match[1]!) ?? []), { at: Number(match[2]), name }]);
    }
  }
  const [most] = [...prefixes.values()].sort((left, right) => right.length - left.length);
  return !most || most.length < fewest || !Number.isInteger(Math.sqrt(most.length)) ? [] : most.sort((left, right) => left.at - right.at).map((column) => column.name);
}

/** A row's pixels; null where it is no picture. */
export function pixelsOf(cells: Record<string, string>): Pixels | null {
  const values = pixelColumns(Object.keys(cells).filter((name) => Number.isFinite(Number(cells[name])))).map((name) => Number(cells[name]));
  const width = Math.sqrt(values.length);
  return values.length === 0 ? null : { width, height: width, values, low: Math.min(...values), high: Math.max(...values) };
}
