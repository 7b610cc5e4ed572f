import { Card, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { get, number, type Schemas } from '../api/client';
import { figure } from '../api/words';
import { Facts } from '../app/Facts';
import { fixed } from '../app/useSpans';
import classes from './Map.module.css';
import { RowView } from './RowView';

/** Which map a row is on, as addresses say it. */
export function mapOf(map: Pick<Schemas['RowMap'], 'version' | 'at'>): Record<string, string> {
  return { ...(map.version && { version: map.version }), ...(map.at && { at: map.at }) };
}

/** What is known of the row under the pointer. */
export function PointCard({ map, path, row, at: [x, y] }: { map: Schemas['RowMap']; path: string; row: number; at: [number, number] }) {
  const point = map.points[row]!;
  const [key] = useDebouncedValue(point.key, 120);
  const whole = useQuery({ queryKey: [path, 'row', map.version ?? map.at, key], queryFn: () => get<Schemas['MapRow']>(`${path}/row?${new URLSearchParams({ ...mapOf(map), key })}`), ...fixed });
  const error = number(point.error);
  return (
    <Card className={classes.point} padding="xs" shadow="md" style={{ left: x + 14, top: y + 14, transform: `translate(${x > 420 ? 'calc(-100% - 28px)' : '0'}, ${y > 300 ? 'calc(-100% - 28px)' : '0'})` }}>
      <Text size="sm" fw={600} mb={4} style={{ overflowWrap: 'anywhere' }}>{point.key}</Text>
      {whole.data?.key === point.key && Object.keys(whole.data.cells).length > 0 && <RowView cells={whole.data.cells} size={84} />}
      <Facts of={[
        point.label !== null && point.label !== undefined && ['Label', point.label],
        point.prediction !== null && point.prediction !== undefined && ['Prediction', `${point.prediction}${Number.isNaN(error) || map.is_numeric ? '' : error > 0 ? ', wrong' : ', right'}`],
        map.is_numeric && !Number.isNaN(error) && ['Off by', figure(error)],
        point.suspicion !== null && point.suspicion !== undefined && ['Suspicion', figure(number(point.suspicion))],
      ]} />
    </Card>
  );
}
