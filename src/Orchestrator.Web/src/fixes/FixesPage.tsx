import { Anchor, SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Schemas } from '../api/client';
import { instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { State } from '../app/State';
import { usePages } from '../app/usePages';

/** Fixes, newest first. */
export function FixesPage() {
  const [shown, setShown] = useState('all');
  const navigate = useNavigate();
  const { query, more, aside } = usePages<Schemas['FixLine']>(['fixes', 'pages', shown], `/api/fixes?open=${shown === 'open'}`);
  return (
    <Page title="Fixes" lead="What the system proposed, and what became of it." actions={<SegmentedControl size="xs" data={['open', 'all']} value={shown} onChange={setShown} aria-label="Which fixes" />}>
      <Part title={shown === 'open' ? 'Open' : 'All'} aside={aside}>
        <Answered query={query}>
          {({ lines, total }) => (
            <Lines label="Fixes" of={lines} total={total} more={more} id={(fix) => fix.id} empty="There is no fix." onOpen={(fix) => void navigate({ to: '/fixes/$id', params: { id: fix.id } })} columns={[
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
