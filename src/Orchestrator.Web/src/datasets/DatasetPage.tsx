import { Badge, Grid, Group, Tabs, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { get, type Schemas } from '../api/client';
import { instant, plural, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { changeWords } from './changes';
import { DifferencePart } from './DifferencePart';
import { DriftPart } from './DriftPart';
import { MapPart } from './MapPart';
import { PredictionsPart } from './PredictionsPart';
import { RowsPart } from './RowsPart';

const views = { versions: 'Versions', rows: 'Rows', map: 'Map', difference: 'Difference', drift: 'Drift' } as const;

/** What there is to see of a dataset that is not kept by versions. */
const measured: ReadonlySet<string> = new Set(['rows', 'map', 'drift']);

/** One dataset: its versions, what they come from and what was current when, its rows, also as a map, what became of them, and how far it drifted. */
export function DatasetPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const shown = useQuery({ queryKey: ['dataset', name], queryFn: () => get<Schemas['DatasetShown']>(`/api/datasets/${encodeURIComponent(name)}`) });
  return <Answered query={shown} lines={10}>{(data) => <Shown shown={data} />}</Answered>;
}

function Shown({ shown }: { shown: Schemas['DatasetShown'] }) {
  const { view } = useSearch({ strict: false }) as { view?: string };
  const navigate = useNavigate();
  const isKept = shown.versions.length > 0;
  const chosen = view !== undefined && view in views ? view : isKept ? 'versions' : 'drift';
  return (
    <Page title={shown.dataset} lead={isKept ? plural(shown.versions.length, 'version') : 'Measured where it is'}>
      <Tabs value={chosen} keepMounted={false} onChange={(to) => void navigate({ to: '/datasets/$name', params: { name: shown.dataset }, search: { view: to } as never, replace: true })}>
        <Tabs.List mb="md">{Object.entries(views).map(([value, words]) => <Tabs.Tab key={value} value={value} disabled={!isKept && !measured.has(value)}>{words}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="versions"><Versions shown={shown} /></Tabs.Panel>
        <Tabs.Panel value="rows">{isKept ? <RowsPart shown={shown} /> : <PredictionsPart dataset={shown.dataset} />}</Tabs.Panel>
        <Tabs.Panel value="map"><MapPart shown={shown} /></Tabs.Panel>
        <Tabs.Panel value="difference"><DifferencePart shown={shown} /></Tabs.Panel>
        <Tabs.Panel value="drift"><DriftPart dataset={shown.dataset} /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Versions({ shown }: { shown: Schemas['DatasetShown'] }) {
  const numbers = new Map(shown.versions.map((version) => [version.id, version.number]));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Part title="Versions" aside="a version never changes">
          <Lines label="Versions" of={shown.versions} id={(version) => version.id} empty="There is none." columns={[
            { name: '#', numeric: true, width: 50, cell: (version) => version.number },
            { name: 'Version', cell: (version) => <Group gap={6}><span className="code" style={{ whiteSpace: 'nowrap' }}>{short(version.id)}</span>{version.id === shown.current && <Badge color="teal" style={{ flexShrink: 0 }}>current</Badge>}</Group> },
            { name: 'Made from', cell: (version) => version.manifest.parents.length > 0 ? version.manifest.parents.map((parent) => `#${numbers.get(parent) ?? short(parent)}`).join(', ') : (version.manifest.source ? 'authored files' : '') },
            { name: 'Changed', cell: (version) => changeWords(version.manifest.changes) },
            { name: 'Rows', numeric: true, cell: (version) => version.manifest.rows.toLocaleString('en-US') },
            { name: 'Columns', numeric: true, cell: (version) => version.manifest.columns.length },
            { name: 'Made (UTC)', cell: (version) => <Text span size="sm" style={{ whiteSpace: 'nowrap' }}>{instant(version.created_at)}</Text> },
          ]} />
        </Part>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Part title="What was current">
          <Timeline bulletSize={10} lineWidth={2} active={shown.history.length}>
            {shown.history.map((move) => (
              <Timeline.Item key={move.sequence} title={<Text size="sm" fw={500}>#{numbers.get(move.to) ?? short(move.to)}: {move.reason}</Text>}>
                <Text size="xs" c="dimmed">{instant(move.at)} · {move.actor}</Text>
              </Timeline.Item>
            ))}
          </Timeline>
        </Part>
      </Grid.Col>
    </Grid>
  );
}
