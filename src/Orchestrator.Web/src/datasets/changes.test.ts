import { expect, test } from 'vitest';
import { countWords } from './changes';

test('what happens to rows is counted in one order, whatever the order of the answer', () => {
  expect(countWords({ added: 1, relabelled: 1200, dropped: 0, changed: 2 })).toEqual(['1,200 relabelled', '2 changed', '1 added']);
});
