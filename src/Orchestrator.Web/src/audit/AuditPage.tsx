import { Alert, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { instant, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { usePages } from '../app/usePages';
import { actionWords } from './AuditLines';

/** Every decision, newest first, and whether the chain of their hashes is whole. */
export function AuditPage() {
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState(false);
  const [asking] = useDebouncedValue(words.trim(), 300);
  const { query: entries, more, aside } = usePages<Schemas['AuditEntry']>(['audit', 'pages', asking], `/api/audit${asking ? `?words=${encodeURIComponent(asking)}` : ''}`);
  const check = useQuery({ queryKey: ['audit', 'check'], queryFn: () => get<Schemas['AuditCheck']>('/api/audit/check'), enabled: asked, staleTime: Infinity });
  return (
    <Page title="Audit" lead="Every decision stands in a chain: each entry's hash covers the one before it." actions={<Button variant="default" onClick={() => setAsked(true)} loading={check.isFetching}>Check the chain</Button>}>
      {check.data && <Alert color={check.data.first_broken === null ? 'teal' : 'red'} title={check.data.first_broken === null ? 'The chain is whole.' : `Entry ${check.data.first_broken} does not follow from those before it.`} />}
      <Part title="Decisions" aside={aside}>
        <TextInput mb="xs" maw={320} placeholder="Search actor, action, subject" aria-label="Search" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <Answered query={entries}>
          {({ lines, total }) => (
            <Lines label="Decisions" of={lines} more={more} total={total} id={(entry) => String(entry.sequence)} empty="No decision has these words." columns={[
              { name: '#', numeric: true, width: 60, cell: (entry) => entry.sequence },
              { name: 'When (UTC)', width: 130, cell: (entry) => instant(entry.at) },
              { name: 'Who', cell: (entry) => entry.actor },
              { name: 'What', cell: (entry) => actionWords(entry.action) },
              { name: 'About', cell: (entry) => <span className="code">{entry.subject}</span> },
              { name: 'Hash', width: 130, cell: (entry) => <span className="code" style={{ whiteSpace: 'nowrap' }}>{short(entry.hash)}</span> },
            ]} />
          )}
        </Answered>
      </Part>
    </Page>
  );
}
