/** A bin as the server counts it. */
export type Bin = { category?: string | null; from?: number | string | null; to?: number | string | null; reference: number; current: number };

export type Bar = { name: string; reference: number; current: number };

/** The bins as shares of the rows that have a value, each with what it holds in words. */
export function barsOf(bins: Bin[], figure: (value: number) => string): Bar[] {
  const of = (side: 'reference' | 'current') => bins.reduce((sum, bin) => sum + bin[side], 0) || 1;
  const [references, currents] = [of('reference'), of('current')];
  return bins.map((bin) => ({ name: nameOf(bin, figure), reference: bin.reference / references, current: bin.current / currents }));
}

function nameOf({ category, from, to }: Bin, figure: (value: number) => string): string {
  return typeof from === 'number' && typeof to === 'number' ? `${figure(from)} to ${figure(to)}` : (category ?? 'others');
}

/** The bin that gained most and the one that lost most, in words. */
export function movedWords(bars: Bar[], percent: (value: number) => string): string {
  const moved = [...bars].sort((left, right) => right.current - right.reference - (left.current - left.reference));
  const [most, least] = [moved[0], moved.at(-1)];
  return !most || !least || most.current === most.reference ? 'both sides alike'
    : `${most.name}: ${percent(most.reference)} before, ${percent(most.current)} now; ${least.name}: ${percent(least.reference)} before, ${percent(least.current)} now`;
}

export type Drifted = { feature: string; value: number };

/** The features by how far one measure says that they moved, farthest first; those without a number last. */
export function byDrift(features: readonly string[], values: ReadonlyMap<string, number>): Drifted[] {
  return features.map((feature) => ({ feature, value: values.get(feature) ?? NaN })).sort((left, right) => (Number.isNaN(right.value) ? -1 : right.value) - (Number.isNaN(left.value) ? -1 : left.value));
}
