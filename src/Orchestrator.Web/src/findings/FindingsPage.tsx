import { Anchor, SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { number, type Schemas } from '../api/client';
import { figure, instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { State } from '../app/State';
import { usePages } from '../app/usePages';

/** What rules found, newest first. */
export function FindingsPage() {
  const [shown, setShown] = useState('open');
  const navigate = useNavigate();
  const { query, more, aside } = usePages<Schemas['Finding']>(['findings', 'pages', shown], `/api/findings?open=${shown === 'open'}`);
  return (
    <Page title="Findings" lead="Rules that held, with what was done about it."
      actions={<SegmentedControl size="xs" data={['open', 'all']} value={shown} onChange={setShown} aria-label="Which findings" />}>
      <Part title={shown === 'open' ? 'Open' : 'All'} aside={aside}>
        <Answered query={query}>
          {({ lines, total }) => (
            <Lines label="Findings" of={lines} total={total} more={more} id={(finding) => finding.id} empty={shown === 'open' ? 'No rule holds.' : 'No rule has held yet.'} onOpen={(finding) => void navigate({ to: '/findings/$id', params: { id: finding.id } })} columns={[
              { name: 'Rule', cell: (finding) => <Anchor component={Link} to={`/findings/${finding.id}`} fw={600}>{finding.rule}</Anchor> },
              { name: 'State', cell: (finding) => <State of={finding.state ?? 'open'} /> },
              { name: 'What', cell: (finding) => finding.summary || <span className="code">{JSON.stringify(finding.labels)}</span> },
              { name: 'Value', numeric: true, cell: (finding) => figure(number(finding.value)) },
              { name: 'Severity', cell: (finding) => finding.severity ?? '' },
              { name: 'Owner', cell: (finding) => finding.owner ?? '' },
              { name: 'Opened (UTC)', cell: (finding) => instant(finding.opened_at) },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}
