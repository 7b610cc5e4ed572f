import { expect, test } from 'vitest';
import { barsOf, byDrift, movedWords } from './bars';

const figure = (value: number) => String(value);
const percent = (value: number) => `${value * 100} %`;
const bins = [{ from: 0, to: 1, reference: 3, current: 0 }, { from: 1, to: 2, reference: 1, current: 2 }];

test('bins are shares of the rows of their side', () => {
  expect(barsOf(bins, figure)).toEqual([{ name: '0 to 1', reference: 0.75, current: 0 }, { name: '1 to 2', reference: 0.25, current: 1 }]);
});

test('categories bear their names, and those that are not shown one by one are others', () => {
  expect(barsOf([{ category: 'cook', reference: 0, current: 1 }, { reference: 0, current: 0 }], figure)).toEqual([
    { name: 'cook', reference: 0, current: 1 }, { name: 'others', reference: 0, current: 0 },
  ]);
});

test('what moved is told by the bins that gained and lost most', () => {
  expect(movedWords(barsOf(bins, figure), percent)).toBe('1 to 2: 25 % before, 100 % now; 0 to 1: 75 % before, 0 % now');
  expect(movedWords(barsOf([bins[0]!].map((bin) => ({ ...bin, reference: 1, current: 5 })), figure), percent)).toBe('both sides alike');
});

test('features without a number come last', () => {
  expect(byDrift(['a', 'b', 'c'], new Map([['a', 0.1], ['c', 0.5]])).map((one) => one.feature)).toEqual(['c', 'a', 'b']);
});
