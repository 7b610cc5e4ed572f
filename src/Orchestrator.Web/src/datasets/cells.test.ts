import { expect, test } from 'vitest';
import { cellsOf, shownColumns } from './cells';

const pixels = Array.from({ length: 16 }, (_, at) => `px_${at}`);

test('a missing cell is left out', () => {
  expect(cellsOf(['id', 'x', 'y'], ['a', null, '2'])).toEqual({ id: 'a', y: '2' });
});

test('the columns of a picture are not shown one by one, and id and label come first', () => {
  expect(shownColumns([...pixels, 'digit', 'writer', 'id'], 'id', 'digit')).toEqual({ isPicture: true, names: ['id', 'digit', 'writer'] });
});

test('a table shows all of its columns', () => {
  expect(shownColumns(['age', 'job', 'f_1'], 'id', null)).toEqual({ isPicture: false, names: ['age', 'job', 'f_1'] });
});
