import { Anchor, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get, number, type Schemas } from '../api/client';
import { figure, instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { State } from '../app/State';

/** What rules found, newest first. */
export function FindingsPage() {
  const [shown, setShown] = useState('open');
  const navigate = useNavigate();
  const findings = useQuery({ queryKey: ['findings', shown], queryFn: () => get<Schemas['Finding'][]>(`/api/findings?limit=1000&open=${shown === 'open'}`) });
  return (
    <Page title="Findings" lead="Rules that held, with what was done about it."
      actions={<SegmentedControl size="xs" data={['open', 'all']} value={shown} onChange={setShown} aria-label="Which findings" />}>
      <Part title={shown === 'open' ? 'Open' : 'All'} aside={findings.data && `${findings.data.length} shown`}>
        <Answered query={findings}>
          {(lines) => (
            <Lines label="Findings" of={lines} id={(finding) => finding.id} empty={shown === 'open' ? 'No rule holds.' : 'No rule has held yet.'} onOpen={(finding) => void navigate({ to: '/findings/$id', params: { id: finding.id } })} columns={[
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
