import { Alert, Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { instant, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered } from '../app/problems';
import { actionWords, useAudit } from './AuditLines';

/** Every decision, newest first, and whether the chain of their hashes is whole. */
export function AuditPage() {
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState(false);
  const entries = useAudit(1000);
  const check = useQuery({ queryKey: ['audit', 'check'], queryFn: () => get<Schemas['AuditCheck']>('/api/audit/check'), enabled: asked, staleTime: Infinity });
  const wanted = words.trim().toLowerCase();
  const fits = (entry: Schemas['AuditEntry']) => `${entry.actor} ${entry.action} ${entry.subject}`.toLowerCase().includes(wanted);
  return (
    <Page title="Audit" lead="Every decision stands in a chain: each entry's hash covers the one before it." actions={<Button variant="default" onClick={() => setAsked(true)} loading={check.isFetching}>Check the chain</Button>}>
      {check.data && <Alert color={check.data.first_broken === null ? 'teal' : 'red'} title={check.data.first_broken === null ? 'The chain is whole.' : `Entry ${check.data.first_broken} does not follow from those before it.`} />}
      <Part title="Decisions" aside="the last 1,000">
        <TextInput mb="xs" maw={320} placeholder="Search actor, action, subject" aria-label="Search" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <Answered query={entries}>
          {(all) => (
            <Lines label="Decisions" of={all.filter(fits)} id={(entry) => String(entry.sequence)} empty="No decision has these words." columns={[
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
