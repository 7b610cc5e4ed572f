/** A comparison of one series with a number, as it stands in a rule. */
export type Comparison = { series: string; op: string; threshold: number; text: string };

const pattern = /([a-zA-Z_:][\w:]*(?:\{[^{}]*\})?)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/g;

/** The comparisons of plain series with numbers in a PromQL expression, in the order of the text. */
export function comparisons(expression: string): Comparison[] {
  return [...expression.matchAll(pattern)].map(([text, series, op, threshold]) => ({ series: series!, op: op!, threshold: Number(threshold), text: text! }));
}

/** The expression with another number in one of its comparisons, by the order of the text. */
export function withThreshold(expression: string, index: number, threshold: number): string {
  let at = -1;
  return expression.replace(pattern, (text, _series: string, _op: string, number: string) => {
    at++;
    return at === index ? text.slice(0, text.length - number.length) + String(threshold) : text;
  });
}

/** From where to where a threshold is slid, and by how much at once: shares stay shares, other numbers go to twice their size. */
export function reach(threshold: number): { min: number; max: number; step: number } {
  if (threshold >= 0 && threshold <= 1) {
    return { min: 0, max: 1, step: threshold !== 0 && threshold < 0.1 ? 0.001 : 0.01 };
  }
  const size = Math.abs(threshold);
  const step = Number.isInteger(threshold) ? Math.max(1, 10 ** (Math.floor(Math.log10(size)) - 1)) : 10 ** (Math.floor(Math.log10(size)) - 2);
  return threshold < 0 ? { min: 2 * threshold, max: 0, step } : { min: 0, max: 2 * threshold, step };
}
