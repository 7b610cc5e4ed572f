import { Anchor, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { State } from '../app/State';

/** Fixes, newest first. */
export function FixesPage() {
  const [shown, setShown] = useState('all');
  const navigate = useNavigate();
  const fixes = useQuery({ queryKey: ['fixes', shown], queryFn: () => get<Schemas['FixLine'][]>(`/api/fixes?limit=1000&open=${shown === 'open'}`) });
  return (
    <Page title="Fixes" lead="What the system proposed, and what became of it." actions={<SegmentedControl size="xs" data={['open', 'all']} value={shown} onChange={setShown} aria-label="Which fixes" />}>
      <Part title={shown === 'open' ? 'Open' : 'All'} aside={fixes.data && `${fixes.data.length} shown`}>
        <Answered query={fixes}>
          {(lines) => (
            <Lines label="Fixes" of={lines} id={(fix) => fix.id} empty="There is no fix." onOpen={(fix) => void navigate({ to: '/fixes/$id', params: { id: fix.id } })} columns={[
              { name: 'Fix', cell: (fix) => <Anchor component={Link} to={`/fixes/${fix.id}`} fw={600}>{fix.rule}</Anchor> },
              { name: 'State', cell: (fix) => <State of={fix.state} /> },
              { name: 'Model', cell: (fix) => fix.model ?? '' },
              { name: 'Workflow', cell: (fix) => fix.workflow },
              { name: 'Approved by', cell: (fix) => fix.approved_by ?? '' },
              { name: 'Opened (UTC)', cell: (fix) => instant(fix.opened_at) },
              { name: 'Outcome', cell: (fix) => fix.reason ?? '' },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}
