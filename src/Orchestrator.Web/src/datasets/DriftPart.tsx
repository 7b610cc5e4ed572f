import { Card, Group, NativeSelect, Pagination, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { get, type Schemas } from '../api/client';
import { figure, instant, percent, plural } from '../api/words';
import { Part } from '../app/Page';
import { Answered, Nothing } from '../app/problems';
import { fixed } from '../app/useSpans';
import { type Line, useSeries } from '../series/useSeries';
import { type Bin, type Drifted, byDrift } from './bars';
import { Histogram } from './Histogram';
import { useLastRun } from './useLastRun';

/** Features of one page: as many as the server counts at once. */
const some = 12;

/** The features of a dataset by how far they moved from their reference, each with the histograms of both sides. */
export function DriftPart({ dataset }: { dataset: string }) {
  const drift = useSeries(`max by (feature, variant, reference) (data_feature_drift{dataset=${JSON.stringify(dataset)}})`);
  return <Answered query={drift}>{(lines) => <Measured dataset={dataset} lines={lines} />}</Answered>;
}

function Measured({ dataset, lines }: { dataset: string; lines: Line[] }) {
  const variants = useMemo(() => [...new Set(lines.map((line) => line.labels.variant ?? ''))].sort(), [lines]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const variant = chosen ?? variants.find((one) => one.startsWith('psi')) ?? variants[0] ?? '';
  const path = `/api/datasets/${encodeURIComponent(dataset)}/drift`;
  // A category's measures are named otherwise than those of a number; of one kind of distance there is one a feature.
  const values = useMemo(() => new Map(lines.filter((line) => kindOf(line.labels.variant) === kindOf(variant)).map((line) => [line.labels.feature ?? '', line.points.at(-1)?.[1] ?? NaN])), [lines, variant]);
  const last = useLastRun(dataset);
  const known = useQuery({ queryKey: ['dataset', dataset, 'drift', last.at, ''], queryFn: async () => (await get<Schemas['DriftShown'] | undefined>(`${path}?${asked(firstOf(values))}`)) ?? null, enabled: last.isKnown, ...fixed });
  const kinds = [...new Map(variants.map((one) => [kindOf(one), one])).entries()];
  return (
    <Part title="Drift" aside={known.data && (
      <Group gap="xs">
        <span>{plural(known.data.rows, 'row')} of {instant(known.data.at)} UTC against {plural(known.data.reference_rows, 'row')} of {known.data.reference}</span>
        {kinds.length > 0 && <NativeSelect size="xs" aria-label="Measure" value={variants.find((one) => kindOf(one) === kindOf(variant))} data={kinds.map(([kind]) => ({ value: variants.find((one) => kindOf(one) === kind)!, label: kind }))} onChange={(event) => { setChosen(event.currentTarget.value); setPage(1); }} />}
      </Group>
    )}>
      <Answered query={known}>
        {(shown) => {
          if (shown === null || shown.features.length === 0) {
            return <Nothing>There is nothing to compare: the dataset names no reference, or shares no feature with it.</Nothing>;
          }
          const sorted = byDrift(shown.features, values);
          return (
            <Stack gap="sm">
              <Text size="xs" c="dimmed">Bars are the rows now, the line is the reference, both as shares of the rows that have a value.</Text>
              <Histograms path={path} dataset={dataset} first={shown} kind={kindOf(variant)} features={sorted.slice((page - 1) * some, page * some)} />
              {sorted.length > some && <Pagination size="sm" total={Math.ceil(sorted.length / some)} value={page} onChange={setPage} getControlProps={(control) => ({ 'aria-label': `${control} page` })} />}
            </Stack>
          );
        }}
      </Answered>
    </Part>
  );
}

/** What kind of distance a variant is, whatever it is taken over. */
function kindOf(variant = ''): string {
  return variant.replace(/_(reference_quantiles_\d+|categories)$/, '');
}

/** The features to ask for before all of them are known: those that moved farthest, if any were measured. */
function firstOf(values: ReadonlyMap<string, number>): string[] {
  return byDrift([...values.keys()], values).slice(0, some).map((one) => one.feature);
}

function asked(features: string[]): string {
  return features.map((feature) => `feature=${encodeURIComponent(feature)}`).join('&');
}

function Histograms({ path, dataset, first, kind, features }: { path: string; dataset: string; first: Schemas['DriftShown']; kind: string; features: Drifted[] }) {
  const query = asked(features.map(({ feature }) => feature));
  // What came with the names is not asked for again.
  const isThere = features.every(({ feature }) => first.histograms.some((histogram) => histogram.feature === feature));
  const counted = useQuery({ queryKey: ['dataset', dataset, 'drift', first.at, query], queryFn: () => get<Schemas['DriftShown']>(`${path}?${query}`), enabled: !isThere, initialData: isThere ? first : undefined, ...fixed });
  return (
    <Answered query={counted} lines={8}>
      {(shown) => (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }} spacing="sm">
          {features.map(({ feature, value }) => {
            const histogram = shown.histograms.find((one) => one.feature === feature);
            if (!histogram) {
              return null;
            }
            const [before, now] = [histogram.reference_missing / Math.max(1, shown.reference_rows), histogram.missing / Math.max(1, shown.rows)];
            return (
              <Card key={histogram.feature} padding="xs">
                <Group justify="space-between" gap={4} wrap="nowrap" mb={4}>
                  <Text size="sm" fw={600} truncate title={histogram.feature}>{histogram.feature}</Text>
                  {Number.isFinite(value) && <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>{kind} {figure(value)}</Text>}
                </Group>
                <Histogram of={histogram} />
                <Ends bins={histogram.bins} />
                {before + now > 0 && <Text size="xs" c="dimmed">missing: {percent(before)} before, {percent(now)} now</Text>}
              </Card>
            );
          })}
        </SimpleGrid>
      )}
    </Answered>
  );
}

/** Where the bins begin and end; of categories their names. */
function Ends({ bins }: { bins: Bin[] }) {
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) {
    return <Text size="xs" c="dimmed">No row has a value.</Text>;
  }
  return typeof first.from === 'number' && typeof last.to === 'number'
    ? <Group justify="space-between"><Text size="xs" c="dimmed">{figure(first.from)}</Text><Text size="xs" c="dimmed">{figure(last.to)}</Text></Group>
    : <Text size="xs" c="dimmed" lineClamp={2}>{bins.map((bin) => bin.category ?? 'others').join(', ')}</Text>;
}
