import { expect, test } from 'vitest';
import { firstInSight, held, tallness, topOf } from './scrolling';

const short = { total: 30, row: 40, frame: 400 };
const million = { total: 1_000_000, row: 40, frame: 400 };

test('a short list is as tall as its rows, and a scrolled pixel is a pixel', () => {
  expect(tallness(short)).toBe(1200);
  expect([0, 400, 800, 9999].map((top) => firstInSight(short, top))).toEqual([0, 10, 20, 20]);
});

test('a list of a million rows is no taller than browsers can bear, and every row can be reached', () => {
  expect(tallness(million)).toBe(8_000_000);
  expect(firstInSight(million, 0)).toBe(0);
  expect(firstInSight(million, 7_999_600)).toBe(999_990);
  for (const first of [1, 2, 499_995, 999_989, 999_990]) {
    expect(firstInSight(million, topOf(million, first))).toBe(first);
  }
});

test('a list that fits its frame is not scrolled', () => {
  const few = { total: 3, row: 40, frame: 400 };
  expect([held(few), firstInSight(few, 50), topOf(few, 2)]).toEqual([3, 0, 0]);
});
