import { expect, test } from 'vitest';
import { pixelsOf } from './pixels';

test('sixteen numbered columns are a picture of four by four, in the order of their numbers', () => {
  const cells = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`px_${15 - at}`, String(15 - at)]));
  expect(pixelsOf({ ...cells, id: 'a1' })).toEqual({ width: 4, height: 4, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], low: 0, high: 15 });
});

test('a table is no picture', () => {
  expect(pixelsOf({ age: '41', job: 'clerk', f_1: '2' })).toBeNull();
});
