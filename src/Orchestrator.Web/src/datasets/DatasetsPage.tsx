import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { get, type Schemas } from '../api/client';
import { instant, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { changeWords } from './changes';

/** Datasets that are kept by versions or only measured. */
export function DatasetsPage() {
  const navigate = useNavigate();
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => get<Schemas['DatasetLine'][]>('/api/datasets') });
  const monitors = useQuery({ queryKey: ['monitors'], queryFn: () => get<Schemas['MonitorLine'][]>('/api/monitors') });
  return (
    <Page title="Data" lead="Datasets, those that models learn from with their versions, and the monitors that measure them.">
      <Part title="Datasets">
        <Answered query={datasets}>
          {(lines) => (
            <Lines label="Datasets" of={lines} id={(line) => line.dataset} empty="No monitor names a dataset yet." onOpen={(line) => void navigate({ to: '/datasets/$name', params: { name: line.dataset } })} columns={[
              { name: 'Dataset', cell: (line) => <Anchor component={Link} to={`/datasets/${line.dataset}`} fw={600}>{line.dataset}</Anchor> },
              { name: 'Version', cell: (line) => (line.version ? <span className="code">{short(line.version)}</span> : <Text span size="sm" c="dimmed">measured where it is</Text>) },
              { name: 'Monitors', cell: (line) => (monitors.data ?? []).filter((monitor) => monitor.datasets.includes(line.dataset)).map((monitor) => monitor.monitor).join(', ') },
              { name: 'Number', numeric: true, cell: (line) => line.number ?? '' },
              { name: 'Rows', numeric: true, cell: (line) => line.rows?.toLocaleString('en-US') ?? '' },
              { name: 'Changed', cell: (line) => changeWords(line.changes) },
              { name: 'Since (UTC)', cell: (line) => (line.created_at ? instant(line.created_at) : '') },
            ]} />
          )}
        </Answered>
      </Part>
      <Part title="Monitors">
        <Answered query={monitors}>
          {(lines) => (
            <Lines label="Monitors" of={lines} id={(line) => line.monitor} empty="No monitor is in force." columns={[
              { name: 'Monitor', cell: (line) => <b>{line.monitor}</b> },
              { name: 'Measures', cell: (line) => line.datasets.join(', ') },
              { name: 'Last run (UTC)', cell: (line) => instant(line.last_run) },
              { name: 'Next run (UTC)', cell: (line) => (line.running ? 'runs now' : instant(line.next_run)) },
              { name: 'Problems', cell: (line) => line.problems.join('; ') },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}
