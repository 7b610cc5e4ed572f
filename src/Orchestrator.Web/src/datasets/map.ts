import { number, type Schemas } from '../api/client';
import { figure } from '../api/words';

export type RowMap = Pick<Schemas['RowMap'], 'x' | 'y' | 'is_numeric' | 'segments' | 'points'>;
type Point = Schemas['MapPoint'];

/** What points are coloured by: a fixed one, or the segment of a number. */
export type Colouring = string;

/** Points that look alike. */
export type Group = { name: string; color: string; symbol: 'circle' | 'rect' | 'triangle' | 'diamond'; size: number; rows: number[] };

/** Part of the plane that rows are picked by, in the units of the axes. */
export type Area = { kind: 'box'; x: [number, number]; y: [number, number] } | { kind: 'lasso'; corners: [number, number][] };

// After Okabe and Ito, told apart by people with any vision; each has a contrast of 3 to 1 to its ground.
const hues = {
  light: ['#0072b2', '#b87a00', '#00805e', '#b5528f', '#2e86b8', '#d55e00', '#7a6a00', '#4d4d4d'],
  dark: ['#4aa8e0', '#e69f00', '#2bc4a0', '#e7a3cb', '#9bd3f2', '#ff8a5b', '#f0e442', '#bfbfbf'],
};
const steps = { light: ['#b8a44c', '#948e55', '#6f7a6d', '#46607c', '#00336f'], dark: ['#4a6a9a', '#7d8694', '#a5a58a', '#cfc46a', '#ffe945'] };
const quiet = { light: '#8a9099', dark: '#7d838c' };
const alarm = { light: '#c2410c', dark: '#ff8a5b' };
const symbols = ['circle', 'rect', 'triangle', 'diamond'] as const;

/** Classes that have a look of their own; the others share one. */
const mostClasses = 12;

/** What the points can be coloured by, with words for each. */
export function colourings(map: RowMap): { value: Colouring; label: string }[] {
  const has = (of: (point: Point) => unknown) => map.points.some((point) => of(point) !== null && of(point) !== undefined);
  return [
    ...(has((point) => point.label) ? [{ value: 'label', label: 'Label' }] : []),
    ...(has((point) => point.prediction) ? [{ value: 'prediction', label: 'Prediction' }] : []),
    ...(has((point) => point.error) ? [{ value: 'error', label: 'Error' }] : []),
    ...(has((point) => point.suspicion) ? [{ value: 'suspicion', label: 'Suspicion' }] : []),
    ...map.segments.map((segment, at) => ({ value: `segment ${at}`, label: `Segment ${segment.name}` })),
  ];
}

/** The points by how they look; what matters most comes last, so that it lies on top. */
export function groupsOf(map: RowMap, colouring: Colouring, scheme: 'light' | 'dark'): Group[] {
  const segment = /^segment (\d+)$/.exec(colouring);
  if (segment) {
    const at = Number(segment[1]);
    return classes(map, (point) => map.segments[at]?.parts[(point.parts[at] ?? 0) - 1] ?? null, scheme);
  }
  if (colouring === 'suspicion') {
    return scale(map, (point) => number(point.suspicion), [0.2, 0.4, 0.6, 0.8], scheme);
  }
  if (colouring === 'error') {
    return map.is_numeric ? scale(map, (point) => number(point.error), fifths(map, (point) => number(point.error)), scheme) : errors(map, scheme);
  }
  const of = (point: Point) => (colouring === 'prediction' ? point.prediction : point.label) ?? null;
  return map.is_numeric ? scale(map, (point) => Number(of(point) ?? NaN), fifths(map, (point) => Number(of(point) ?? NaN)), scheme) : classes(map, of, scheme);
}

function errors(map: RowMap, scheme: 'light' | 'dark'): Group[] {
  const rows = (wanted: (error: number) => boolean) => map.points.flatMap((point, row) => (wanted(number(point.error)) ? [row] : []));
  const groups: Group[] = [
    { name: 'not known', color: quiet[scheme], symbol: 'rect', size: 4, rows: rows(Number.isNaN) },
    { name: 'right', color: hues[scheme][0]!, symbol: 'circle', size: 5, rows: rows((error) => error === 0) },
    { name: 'wrong', color: alarm[scheme], symbol: 'triangle', size: 10, rows: rows((error) => error > 0) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

function classes(map: RowMap, of: (point: Point) => string | null, scheme: 'light' | 'dark'): Group[] {
  const rows = new Map<string | null, number[]>();
  map.points.forEach((point, row) => {
    const name = of(point);
    const known = rows.get(name);
    if (known) {
      known.push(row);
    } else {
      rows.set(name, [row]);
    }
  });
  const named = [...rows.keys()].filter((name) => name !== null);
  const common = [...named].sort((left, right) => rows.get(right)!.length - rows.get(left)!.length || (left < right ? -1 : 1)).slice(0, mostClasses);
  const shown = common.sort(inOrder);
  const rest = named.filter((name) => !shown.includes(name)).flatMap((name) => rows.get(name)!);
  return [
    ...(rows.has(null) ? [{ name: 'none', color: quiet[scheme], symbol: 'rect' as const, size: 4, rows: rows.get(null)! }] : []),
    ...(rest.length > 0 ? [{ name: 'others', color: quiet[scheme], symbol: 'diamond' as const, size: 5, rows: rest }] : []),
    ...shown.map((name, at): Group => ({ name, color: hues[scheme][at % hues[scheme].length]!, symbol: symbols[(at + Math.floor(at / symbols.length)) % symbols.length]!, size: 7, rows: rows.get(name)! })),
  ];
}

/** Names that are numbers go by their size. */
function inOrder(left: string, right: string): number {
  const [first, second] = [Number(left), Number(right)];
  return Number.isFinite(first) && Number.isFinite(second) ? first - second : left < right ? -1 : 1;
}

function scale(map: RowMap, of: (point: Point) => number, bounds: number[], scheme: 'light' | 'dark'): Group[] {
  const names = bounds.length === 0 ? ['all alike'] : [`below ${figure(bounds[0]!)}`, ...bounds.slice(1).map((bound, at) => `${figure(bounds[at]!)} to ${figure(bound)}`), `${figure(bounds.at(-1)!)} and more`];
  const groups = names.map((name, at): Group => ({ name, color: steps[scheme][at] ?? quiet[scheme], symbol: 'circle', size: 4 + 1.6 * at, rows: [] }));
  const unknown: Group = { name: 'not known', color: quiet[scheme], symbol: 'rect', size: 4, rows: [] };
  map.points.forEach((point, row) => {
    const value = of(point);
    (Number.isNaN(value) ? unknown : groups[bounds.filter((bound) => value >= bound).length]!).rows.push(row);
  });
  return [unknown, ...groups].filter((group) => group.rows.length > 0);
}

/** Bounds between five parts of as many points each; fewer where many values are alike. */
function fifths(map: RowMap, of: (point: Point) => number): number[] {
  const values = map.points.map(of).filter(Number.isFinite).sort((left, right) => left - right);
  const bounds = [1, 2, 3, 4].map((fifth) => values[Math.floor((values.length * fifth) / 5)]!);
  return values.length === 0 ? [] : [...new Set(bounds)].filter((bound) => bound > values[0]!);
}

/** A point's place; null where the row has no number on one of the axes. */
export function placeOf(point: Point): [number, number] | null {
  const place: [number, number] = [number(point.x), number(point.y)];
  return place.every(Number.isFinite) ? place : null;
}

/** The rows that lie in an area. */
export function pick(map: RowMap, area: Area): number[] {
  return map.points.flatMap((point, row) => {
    const place = placeOf(point);
    return place && isInside(area, place) ? [row] : [];
  });
}

/** Of a lasso that crosses itself a point lies inside where a way out crosses it an odd number of times. */
function isInside(area: Area, [x, y]: [number, number]): boolean {
  if (area.kind === 'box') {
    return x >= area.x[0] && x <= area.x[1] && y >= area.y[0] && y <= area.y[1];
  }
  let inside = false;
  area.corners.forEach(([x1, y1], at) => {
    const [x2, y2] = area.corners[(at + 1) % area.corners.length]!;
    inside = y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
  });
  return inside;
}

/** A box from what somebody typed; what is left empty has no end there, and null stands for what cannot be a box. */
export function boxOf(bounds: { xFrom: string; xTo: string; yFrom: string; yTo: string }): Area | null {
  const end = (text: string, none: number) => (text.trim() === '' ? none : Number(text));
  const [x, y]: [number, number][] = [[end(bounds.xFrom, -Infinity), end(bounds.xTo, Infinity)], [end(bounds.yFrom, -Infinity), end(bounds.yTo, Infinity)]];
  const isOrdered = ([from, to]: [number, number]) => from <= to;
  const isAsked = Object.values(bounds).some((text) => text.trim() !== '');
  return isAsked && isOrdered(x!) && isOrdered(y!) ? { kind: 'box', x: x!, y: y! } : null;
}

/** An axis in words. */
export function axisName(axis: Schemas['MapAxis'], nth: number, percent: (value: number) => string): string {
  return axis.column ?? `Component ${nth}${axis.share === null || axis.share === undefined ? '' : ` · ${percent(number(axis.share))} of the variance`}`;
}

export type Middle = { name: string; rows: number; x: number; y: number };

/** Where the middle of each group lies. */
export function middlesOf(map: RowMap, groups: Group[]): Middle[] {
  return groups.map((group) => {
    const places = group.rows.map((row) => placeOf(map.points[row]!)).filter((place) => place !== null);
    const mean = (at: 0 | 1) => places.reduce((sum, place) => sum + place[at], 0) / places.length;
    return { name: group.name, rows: group.rows.length, x: mean(0), y: mean(1) };
  });
}
