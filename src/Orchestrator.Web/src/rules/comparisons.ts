/** A comparison of one series with a number, as it stands in a rule. */
export type Comparison = { series: string; op: string; threshold: number; text: string };

const pattern = /([a-zA-Z_:][\w:]*(?:\{[^{}]*\})?)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/g;

/** The comparisons of plain series with numbers in a PromQL expression, in the order of the text. */
export function comparisons(expression: string): Comparison[] {
  return [...expression.matchAll(pattern)].map(([text, series, op, threshold]) => ({ series: series!, op: op!, threshold: Number(threshold), text: text! }));
}
