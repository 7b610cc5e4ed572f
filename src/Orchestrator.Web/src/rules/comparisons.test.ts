import { expect, test } from 'vitest';
import { comparisons, reach, withThreshold } from './comparisons';

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

test('one threshold is changed and the rest of the text stays', () => {
  const expression = 'model_f1 < 0.9 and on (model) data_rows{dataset="a > 1"} >= 200';
  expect(withThreshold(expression, 0, 0.85)).toBe('model_f1 < 0.85 and on (model) data_rows{dataset="a > 1"} >= 200');
  expect(withThreshold(expression, 1, 250)).toBe('model_f1 < 0.9 and on (model) data_rows{dataset="a > 1"} >= 250');
});

test('a share is slid from nothing to one, another number to twice its size', () => {
  expect(reach(0.05)).toEqual({ min: 0, max: 1, step: 0.001 });
  expect(reach(0.93)).toEqual({ min: 0, max: 1, step: 0.01 });
  expect(reach(200)).toEqual({ min: 0, max: 400, step: 10 });
  expect(reach(-7)).toEqual({ min: -14, max: 0, step: 1 });
});
