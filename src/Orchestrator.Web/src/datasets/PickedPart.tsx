import { Anchor, Button, Code, CopyButton, Group as Row, Loader, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { number, type Schemas, send } from '../api/client';
import { figure, percent, plural } from '../api/words';
import { ProblemNote } from '../app/problems';
import { fixed } from '../app/useSpans';
import classes from './Map.module.css';
import { mapOf } from './PointCard';

type Picked = Schemas['PickedRows'];

/** What the picked rows have in common: how many, of which classes, how often wrong, and the segment that says it best. */
export function PickedPart({ map, path, picked, onClear }: { map: Schemas['RowMap']; path: string; picked: ReadonlySet<number> | null; onClear: () => void }) {
  const keys = picked === null ? [] : [...picked].map((row) => map.points[row]!.key);
  const told = useQuery({
    queryKey: [path, 'picked', map.version ?? map.at, keys],
    queryFn: () => send<Picked>('POST', `${path}/selection`, { ...mapOf(map), keys }),
    enabled: keys.length > 0,
    ...fixed,
  });
  return (
    <section aria-live="polite">
      <Row justify="space-between" mb={4}>
        <Text size="sm" fw={600}>{picked === null ? 'Nothing picked' : `${plural(picked.size, 'row')} picked`}</Text>
        {picked !== null && <Button size="compact-xs" variant="default" onClick={onClear}>Clear</Button>}
      </Row>
      {picked === null && <Text size="sm" c="dimmed">Draw around rows with the lasso or a box, or pick by numbers below: what they have in common is said in the words of segments.</Text>}
      {picked?.size === 0 && <Text size="sm" c="dimmed">No row lies there.</Text>}
      {keys.length > 0 && (told.error ? <ProblemNote error={told.error} /> : told.data ? <Told dataset={map.dataset} version={map.version ?? null} isNumeric={map.is_numeric} told={told.data} /> : <Loader size="xs" />)}
    </section>
  );
}

function Told({ dataset, version, isNumeric, told }: { dataset: string; version: string | null; isNumeric: boolean; told: Picked }) {
  const [error, other] = [number(told.error), number(told.other_error)];
  const say = isNumeric ? figure : percent;
  const [best, ...rest] = told.segments;
  return (
    <Stack gap="sm">
      {!(Number.isNaN(error) && Number.isNaN(other)) && <Text size="sm">{isNumeric ? 'Off by' : 'Wrong'}: <b>{say(error)}</b> of the picked rows against <b>{say(other)}</b> of the others{isNumeric && ', on average'}.</Text>}
      {best ? <Described segment={best} dataset={dataset} version={version} /> : <Text size="sm" c="dimmed">No segment describes these rows: they are too few or too many, or have nothing in common that columns tell.</Text>}
      {rest.length > 0 && <Text size="xs" c="dimmed">Also: {rest.map((segment) => `${segment.predicate} (${percent(number(segment.precision))} of its rows, ${percent(number(segment.recall))} of the picked ones)`).join('; ')}</Text>}
      {told.classes.length > 0 && <Balance told={told} />}
    </Stack>
  );
}

function Described({ segment, dataset, version }: { segment: Schemas['PickedSegment']; dataset: string; version: string | null }) {
  return (
    <Stack gap={6}>
      <Code block style={{ whiteSpace: 'pre-wrap' }}>{segment.predicate}</Code>
      <Text size="sm">Describes <b>{percent(number(segment.recall))}</b> of the picked rows; <b>{percent(number(segment.precision))}</b> of its {plural(Number(segment.rows), 'row')} on the map are picked.</Text>
      <Row gap="xs">
        {version && <Button size="compact-sm" variant="light" component={Link} to={`/datasets/${encodeURIComponent(dataset)}`} search={{ view: 'rows', version, segment: segment.predicate } as never}>Show all of its rows</Button>}
        <CopyButton value={segment.yaml}>{({ copied, copy }) => <Button size="compact-sm" variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy for the monitor'}</Button>}</CopyButton>
      </Row>
      <details className={classes.details}>
        <summary>{segment.is_declared ? 'The monitor has it already' : 'What the monitor says to have it measured'}</summary>
        <Code block>{segment.yaml}</Code>
        <Text size="xs" c="dimmed">Monitors are edited in Git: put it into the monitor's file. <Anchor component={Link} to="/rules" size="xs">Rules</Anchor> say what is in force.</Text>
      </details>
    </Stack>
  );
}

/** How the picked rows and the others fall into classes. */
function Balance({ told }: { told: Picked }) {
  const [picked, others] = [told.classes.reduce((sum, one) => sum + Number(one.picked), 0) || 1, told.classes.reduce((sum, one) => sum + Number(one.others), 0) || 1];
  return (
    <Table fz="xs" verticalSpacing={3} aria-label="Classes of the picked rows and of the others">
      <Table.Thead><Table.Tr><Table.Th scope="col">Label</Table.Th><Table.Th scope="col" className="numeric">Picked</Table.Th><Table.Th scope="col" className="numeric">Others</Table.Th><Table.Th scope="col" w="35%">Shares</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {told.classes.slice(0, 30).map((one) => {
          const [share, other] = [Number(one.picked) / picked, Number(one.others) / others];
          return (
            <Table.Tr key={one.label ?? ''}>
              <Table.Th scope="row" fw={400} className={classes.name}>{one.label ?? <i>none</i>}</Table.Th>
              <Table.Td className="numeric">{Number(one.picked).toLocaleString('en-US')}</Table.Td>
              <Table.Td className="numeric">{Number(one.others).toLocaleString('en-US')}</Table.Td>
              <Table.Td><div title={`${percent(share)} of the picked rows, ${percent(other)} of the others`}><div className={classes.bar} style={{ width: `${share * 100}%` }} /><div className={classes.other} style={{ width: `${other * 100}%` }} /></div></Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
