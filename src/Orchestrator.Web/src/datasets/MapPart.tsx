import { Center, Grid, Group as Row, Loader, NativeSelect, SegmentedControl, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { get, number, type Schemas } from '../api/client';
import { instant, percent, plural } from '../api/words';
import { Part } from '../app/Page';
import { Answered, Nothing } from '../app/problems';
import { fixed } from '../app/useSpans';
import type { Tool } from './DrawnMap';
import { type Area, axisName, colourings, groupsOf, pick } from './map';
import { Bounds, Legend, Middles } from './MapLegend';
import { PickedPart } from './PickedPart';
import { PointCard } from './PointCard';

const Drawn = lazy(() => import('./DrawnMap'));

const height = 540;

type Shown = Schemas['RowMap'];

/** The rows of a version, or of the last measurement, in a plane: coloured by what is known of them, and picked to be described. */
export function MapPart({ shown }: { shown: Schemas['DatasetShown'] }) {
  const [version, setVersion] = useState(shown.current ?? shown.versions[0]?.id ?? '');
  const [axes, setAxes] = useState({ x: '', y: '' });
  // The rows of a measurement stay as they are until there is another one.
  const monitors = useQuery({ queryKey: ['monitors'], queryFn: () => get<Schemas['MonitorLine'][]>('/api/monitors'), enabled: version === '' });
  const last = monitors.data?.find((monitor) => monitor.datasets.includes(shown.dataset))?.last_run ?? '';
  const path = `/api/datasets/${encodeURIComponent(shown.dataset)}/map`;
  const asked = new URLSearchParams({ ...(version && { version }), ...(axes.x && { x: axes.x }), ...(axes.y && { y: axes.y }) }).toString();
  const map = useQuery({
    queryKey: ['dataset', shown.dataset, 'map', last, asked],
    queryFn: async () => (await get<Shown | undefined>(`${path}?${asked}`)) ?? null,
    enabled: version !== '' || monitors.data !== undefined,
    placeholderData: (before) => (before?.version ?? '') === version ? before : undefined,
    ...fixed,
  });
  const versions = shown.versions.map((one) => ({ value: one.id, label: `#${one.number}${one.id === shown.current ? ', current' : ''}` }));
  return (
    <Part title="Map" aside={(
      <Row gap="xs">
        {map.data && <span>{countWords(map.data)}</span>}
        {versions.length > 0 && <NativeSelect size="xs" aria-label="Version" data={versions} value={version} onChange={(event) => { setVersion(event.currentTarget.value); setAxes({ x: '', y: '' }); }} />}
      </Row>
    )}>
      <Answered query={map} lines={14}>
        {(data) => data === null ? <Nothing>The dataset was not measured yet: its rows are there after the first measurement.</Nothing>
          : data.points.length === 0 ? <Nothing>There are no rows to lay out: none of them has its label yet, or the window is empty.</Nothing>
          : <Laid key={data.version ?? data.at} map={data} path={path} axes={axes} onAxes={setAxes} />}
      </Answered>
    </Part>
  );
}

function countWords(map: Shown): string {
  const total = Number(map.total);
  const rows = map.points.length < total ? `${map.points.length.toLocaleString('en-US')} of ${plural(total, 'row')}` : plural(map.points.length, 'row');
  return map.at ? `${rows}, measured ${instant(map.at)} UTC` : rows;
}

type Axes = { x: string; y: string };

function Laid({ map, path, axes, onAxes }: { map: Shown; path: string; axes: Axes; onAxes: (axes: Axes) => void }) {
  const scheme = useComputedColorScheme('light');
  const colours = useMemo(() => colourings(map), [map]);
  const [colouring, setColouring] = useState(colours[0]?.value ?? '');
  const [tool, setTool] = useState<Tool>('lasso');
  const [area, setArea] = useState<Area | null>(null);
  const [point, setPoint] = useState<{ row: number; at: [number, number] } | null>(null);
  const groups = useMemo(() => groupsOf(map, colouring, scheme), [map, colouring, scheme]);
  const picked = useMemo(() => (area === null ? null : new Set(pick(map, area))), [map, area]);
  const names = useMemo((): [string, string] => [axisName(map.x, 1, percent), axisName(map.y, 2, percent)], [map]);
  const colour = colours.find((one) => one.value === colouring)?.label.toLowerCase() ?? 'nothing';
  const label = `Map of ${plural(map.points.length, 'row')}: ${names[0]} from left to right, ${names[1]} upwards, coloured by ${colour}`;
  const turn = (to: Axes) => {
    setArea(null);
    onAxes(to);
  };
  const columns = (nth: number) => [{ value: '', label: `Component ${nth}` }, ...map.columns.map((name) => ({ value: name, label: name }))];
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Row gap="xs" mb={4} align="flex-end">
          <NativeSelect size="xs" label="Colour" data={colours} value={colouring} onChange={(event) => setColouring(event.currentTarget.value)} disabled={colours.length === 0} />
          <NativeSelect size="xs" label="Left to right" maw={170} data={columns(1)} value={axes.x} onChange={(event) => turn({ ...axes, x: event.currentTarget.value })} />
          <NativeSelect size="xs" label="Upwards" maw={170} data={columns(2)} value={axes.y} onChange={(event) => turn({ ...axes, y: event.currentTarget.value })} />
          <SegmentedControl size="xs" aria-label="What the pointer does" data={[{ value: 'lasso', label: 'Lasso' }, { value: 'box', label: 'Box' }, { value: 'look', label: 'Look' }]} value={tool} onChange={(value) => setTool(value as Tool)} />
        </Row>
        <div style={{ position: 'relative' }} onPointerLeave={() => setPoint(null)}>
          <Suspense fallback={<Center h={height}><Loader size="sm" /></Center>}>
            <Drawn {...{ map, groups, names, picked, tool, label, height }} dark={scheme === 'dark'} onPick={setArea} onPoint={(row, at) => setPoint(row === null ? null : { row, at })} />
          </Suspense>
          {point && <PointCard map={map} path={path} row={point.row} at={point.at} />}
        </div>
        <Legend groups={groups} />
        <Leading map={map} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="md">
          <PickedPart map={map} path={path} picked={picked} onClear={() => setArea(null)} />
          <Bounds names={names} onPick={setArea} />
          <Middles map={map} groups={groups} names={names} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** What a component is made of. */
function Leading({ map }: { map: Shown }) {
  const words = [map.x, map.y].flatMap((axis, at) => (axis.column || axis.leading.length === 0 || number(axis.share) === 0 ? [] : [`component ${at + 1} goes mostly by ${axis.leading.join(', ')}`]));
  return words.length === 0 ? null : <Text size="xs" c="dimmed" mt={4}>Principal components of the features: {words.join('; ')}.</Text>;
}
