import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMay } from '../access/session';
import { get, type Schemas } from '../api/client';
import { instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { State } from '../app/State';
import { Answers } from './Answers';

/** Label queues, newest first. */
export function LabelsPage() {
  const may = useMay();
  const navigate = useNavigate();
  const queues = useQuery({ queryKey: ['queues'], queryFn: () => get<Schemas['LabelQueue'][]>('/api/labels/queues') });
  const first = queues.data?.find((queue) => queue.state === 'open' && (queue.open ?? 0) > 0);
  return (
    <Page title="Labels" lead="Rows that wait for a person's answer."
      actions={may('labeler') && first && <Button component={Link} to={`/labels/${first.id}`}>Begin to label</Button>}>
      <Part title="Queues">
        <Answered query={queues}>
          {(lines) => (
            <Lines label="Queues" of={lines} id={(queue) => queue.id} empty="No fix has asked for labels yet." onOpen={(queue) => void navigate({ to: '/labels/$queue', params: { queue: queue.id } })} columns={[
              { name: 'Dataset', cell: (queue) => <Anchor component={Link} to={`/labels/${queue.id}`} fw={600}>{queue.dataset}</Anchor> },
              { name: 'State', cell: (queue) => <State of={queue.state} /> },
              { name: 'Answered', width: 220, cell: (queue) => <Answers queue={queue} /> },
              { name: 'Open', numeric: true, cell: (queue) => queue.open ?? 0 },
              { name: 'Skipped', numeric: true, cell: (queue) => queue.skipped ?? 0 },
              { name: 'Opened (UTC)', cell: (queue) => instant(queue.opened_at) },
              { name: 'Deadline (UTC)', cell: (queue) => instant(queue.deadline) },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}
