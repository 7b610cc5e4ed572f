import { expect, test } from 'vitest';
import { comparisons } from './comparisons';

test('each plain comparison of a conjunction is found with its threshold', () => {
  expect(comparisons('data_label_error_ratio{dataset="digits-train"} > 0.02 and on (model) data_rows{dataset="digits-train"} >= 200')).toEqual([
    { series: 'data_label_error_ratio{dataset="digits-train"}', op: '>', threshold: 0.02, text: 'data_label_error_ratio{dataset="digits-train"} > 0.02' },
    { series: 'data_rows{dataset="digits-train"}', op: '>=', threshold: 200, text: 'data_rows{dataset="digits-train"} >= 200' },
  ]);
});

test('a comparison of two series, or of a range, is none', () => {
  expect(comparisons('model_f1 < model_accuracy')).toEqual([]);
  expect(comparisons('max_over_time(model_f1[7d]) > 0.1')).toEqual([]);
});
