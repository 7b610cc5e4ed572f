import { Anchor, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMay, useSeesAll } from '../access/session';
import { get, type Schemas, send } from '../api/client';
import { instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered, telling } from '../app/problems';
import { State } from '../app/State';
import { usePages } from '../app/usePages';

/** Workflow definitions, their runs, and work that waits or was set aside. */
export function WorkflowsPage() {
  const navigate = useNavigate();
  const seesAll = useSeesAll();
  const definitions = useQuery({ queryKey: ['workflows'], queryFn: () => get<Schemas['DefinitionLine'][]>('/api/workflows') });
  const runs = usePages<Schemas['InstanceLine']>(['instances', 'pages'], '/api/workflows/instances');
  return (
    <Page title="Workflows" lead="What fixes run, and what runs now." actions={<Button component="a" href="/studio/definitions" target="_blank" variant="default">Open the designer</Button>}>
      {seesAll && <Work />}
      <Part title="Definitions" aside="from the rules in force; they are changed in Git">
        <Answered query={definitions}>
          {(lines) => (
            <Lines label="Definitions" of={lines} id={(line) => line.name} empty="The rules in force name no workflow." onOpen={(line) => void navigate({ to: '/workflows/definitions/$id', params: { id: line.name } })} columns={[
              { name: 'Definition', cell: (line) => <Anchor component={Link} to={`/workflows/definitions/${line.name}`} fw={600}>{line.name}</Anchor> },
              { name: 'What it does', cell: (line) => line.description || line.title },
              { name: 'Inputs', cell: (line) => <span className="code">{line.inputs.join(', ')}</span> },
            ]} />
          )}
        </Answered>
      </Part>
      <Part title="Runs" aside={runs.aside}>
        <Answered query={runs.query}>
          {({ lines, total }) => (
            <Lines label="Runs" of={lines} total={total} more={runs.more} id={(line) => line.id} empty="Nothing has run yet." onOpen={(line) => void navigate({ to: '/workflows/instances/$id', params: { id: line.id } })} columns={[
              { name: 'Run', cell: (line) => <Anchor component={Link} to={`/workflows/instances/${line.id}`}>{line.id}</Anchor> },
              { name: 'Workflow', cell: (line) => line.workflow },
              { name: 'State', cell: (line) => <State of={line.status} /> },
              { name: 'Began (UTC)', cell: (line) => instant(line.created_at) },
              { name: 'Changed (UTC)', cell: (line) => instant(line.updated_at) },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}

function Work() {
  const may = useMay();
  const queries = useQueryClient();
  const effects = useQuery({ queryKey: ['effects'], queryFn: () => get<Schemas['EffectStatus'][]>('/api/effects?limit=1000') });
  const retry = async (key: string) => {
    await telling(() => send('POST', '/api/effects/retry', { key }), 'It is tried again.');
    await queries.invalidateQueries({ queryKey: ['effects'] });
  };
  return (
    <Part title="Open work" aside="parked work first">
      <Answered query={effects}>
        {(lines) => (
          <Lines label="Open work" of={lines} id={(line) => line.key} empty="Nothing is open." height={260} columns={[
            { name: 'State', cell: (line) => <State of={line.state} /> },
            { name: 'Kind', cell: (line) => line.kind },
            { name: 'For', cell: (line) => line.owner },
            { name: 'Due (UTC)', cell: (line) => instant(line.due_at) },
            { name: 'Attempts', numeric: true, cell: (line) => line.attempts },
            { name: 'Note', cell: (line) => line.note ?? '' },
            { name: '', cell: (line) => line.state === 'parked' && may('admin') ? <Button size="compact-xs" variant="light" onClick={() => retry(line.key)}>Try again</Button> : null },
          ]} />
        )}
      </Answered>
    </Part>
  );
}
