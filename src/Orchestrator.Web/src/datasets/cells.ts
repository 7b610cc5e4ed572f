import { pixelColumns } from './pixels';

export type Cells = readonly (string | null)[];

/** The cells that a row has, by column. */
export function cellsOf(columns: readonly string[], row: Cells): Record<string, string> {
  return Object.fromEntries(columns.flatMap((column, at) => (row[at] === null || row[at] === undefined ? [] : [[column, row[at]]])));
}

/** Which columns stand beside the picture that the others are, those with a part to play first. */
export function shownColumns(columns: readonly string[], ...first: (string | null | undefined)[]): { isPicture: boolean; names: string[] } {
  const pixels = new Set(pixelColumns([...columns]));
  const names = columns.filter((column) => !pixels.has(column));
  const leading = first.filter((name): name is string => typeof name === 'string' && names.includes(name));
  return { isPicture: pixels.size > 0, names: [...leading, ...names.filter((name) => !leading.includes(name))] };
}
