import { expect, test } from 'vitest';
import { axisName, boxOf, colourings, groupsOf, middlesOf, pick, type RowMap } from './map';

type Point = RowMap['points'][number];

// What the server leaves out is absent here as well.
const point = (key: string, x: number | null, y: number | null, more: { [name in keyof Point]?: Point[name] | undefined } = {}) => ({ key, x, y, parts: [], ...more }) as unknown as Point;
const axis = (more: Partial<RowMap['x']>) => ({ leading: [], ...more }) as unknown as RowMap['x'];
const mapOf = (points: Point[], more: Partial<RowMap> = {}): RowMap => ({ x: axis({ column: 'a' }), y: axis({ column: 'b' }), is_numeric: false, segments: [], points, ...more });
const rows = (groups: ReturnType<typeof groupsOf>) => groups.map((group) => `${group.name}: ${group.rows.join(' ')}`);

test('classes have a look each, also beside their colour, and those without a label stand apart', () => {
  const groups = groupsOf(mapOf(['10', '9', '9', undefined].map((label, at) => point(`r${at}`, at, at, { label }))), 'label', 'light');
  expect(rows(groups)).toEqual(['none: 3', '9: 1 2', '10: 0']);
  expect(new Set(groups.map((group) => `${group.color} ${group.symbol}`)).size).toBe(3);
});

test('twelve classes are told apart in colour and shape, the commonest of more', () => {
  const labels = [...Array.from({ length: 13 }, (_, at) => `c${at}`), ...Array.from({ length: 12 }, (_, at) => `c${at + 1}`)];
  const groups = groupsOf(mapOf(labels.map((label, at) => point(`r${at}`, at, at, { label }))), 'label', 'dark');
  expect(groups[0]).toMatchObject({ name: 'others', rows: [0] });
  expect(new Set(groups.slice(1).map((group) => `${group.color} ${group.symbol}`)).size).toBe(12);
});

test('wrong predictions lie on top and differ in shape and size', () => {
  const groups = groupsOf(mapOf([point('a', 0, 0, { error: 1 }), point('b', 0, 0, { error: 0 }), point('c', 0, 0)]), 'error', 'light');
  expect(rows(groups)).toEqual(['not known: 2', 'right: 1', 'wrong: 0']);
  expect(groups.map((group) => [group.symbol, group.size])).toEqual([['rect', 4], ['circle', 5], ['triangle', 10]]);
});

test('suspicion grows in size with its steps', () => {
  const groups = groupsOf(mapOf([0.1, 0.2, 0.79, 0.8, undefined].map((suspicion, at) => point(`r${at}`, 0, 0, { suspicion }))), 'suspicion', 'light');
  expect(rows(groups)).toEqual(['not known: 4', 'below 0.2000: 0', '0.2000 to 0.4000: 1', '0.6000 to 0.8000: 2', '0.8000 and more: 3']);
  expect(groups.slice(1).every((group, at, all) => at === 0 || group.size > all[at - 1]!.size)).toBe(true);
});

test('labels that are numbers are cut into fifths', () => {
  const map = mapOf(Array.from({ length: 10 }, (_, at) => point(`r${at}`, 0, 0, { label: String(at) })), { is_numeric: true });
  expect(groupsOf(map, 'label', 'light').map((group) => group.rows.length)).toEqual([2, 2, 2, 2, 2]);
});

test('segments colour by their parts', () => {
  const map = mapOf([point('a', 0, 0, { parts: [2] }), point('b', 0, 0, { parts: [0] })], { segments: [{ name: 'ink', parts: ["ink = 'q1'", "ink = 'q2'"] }] });
  expect(rows(groupsOf(map, 'segment 0', 'light'))).toEqual(['none: 1', "ink = 'q2': 0"]);
});

test('only what rows have can colour them', () => {
  expect(colourings(mapOf([point('a', 0, 0)]))).toEqual([]);
  expect(colourings(mapOf([point('a', 0, 0, { label: 'x', error: 0 })])).map((one) => one.value)).toEqual(['label', 'error']);
});

test('a box holds its edges, and rows without a place lie nowhere', () => {
  const map = mapOf([point('a', 1, 1), point('b', 2, 5), point('c', null, 1), point('d', 3, 3)]);
  expect(pick(map, { kind: 'box', x: [1, 2], y: [1, Infinity] })).toEqual([0, 1]);
});

test('a lasso holds what lies inside of it, not what lies in its bay', () => {
  // A square of side 4 whose top is pressed in down to the middle.
  const corners: [number, number][] = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]];
  const map = mapOf([point('in', 1, 1), point('bay', 2, 3), point('out', 5, 1), point('left', 0.5, 3)]);
  expect(pick(map, { kind: 'lasso', corners })).toEqual([0, 3]);
});

test('bounds that are typed make a box, or none', () => {
  expect(boxOf({ xFrom: '1', xTo: '', yFrom: '', yTo: '-2.5' })).toEqual({ kind: 'box', x: [1, Infinity], y: [-Infinity, -2.5] });
  expect(boxOf({ xFrom: '2', xTo: '1', yFrom: '', yTo: '' })).toBeNull();
  expect(boxOf({ xFrom: 'x', xTo: '', yFrom: '', yTo: '' })).toBeNull();
  expect(boxOf({ xFrom: '', xTo: '', yFrom: ' ', yTo: '' })).toBeNull();
});

test('axes are told by their column, or by what the component explains', () => {
  const percent = (value: number) => `${value * 100} %`;
  expect(axisName(axis({ column: 'ink' }), 1, percent)).toBe('ink');
  expect(axisName(axis({ share: 0.25 }), 2, percent)).toBe('Component 2 · 25 % of the variance');
});

test('the middle of a group is the mean of its places', () => {
  const map = mapOf([point('a', 1, 0, { label: 'x' }), point('b', 3, 1, { label: 'x' }), point('c', null, 9, { label: 'x' })]);
  expect(middlesOf(map, groupsOf(map, 'label', 'light'))).toEqual([{ name: 'x', rows: 3, x: 2, y: 0.5 }]);
});
