import { Badge, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { instant, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Part } from '../app/Page';
import { Answered, Nothing } from '../app/problems';

type Past = Schemas['PastRevision'];

const colors: Record<string, string> = { added: 'teal', removed: 'red', changed: 'yellow' };

/** What one revision means otherwise than another: at first the newest than the one before. */
export function RevisionsPart() {
  const past = useQuery({ queryKey: ['revisions', 'history'], queryFn: () => get<Past[]>('/api/revisions/history') });
  return (
    <Part title="What changed between revisions" aside="by meaning, not by text">
      <Answered query={past}>{(lines) => lines.length < 2 ? <Nothing>There was only one revision.</Nothing> : <Chosen key={lines[0]!.id} lines={lines} />}</Answered>
    </Part>
  );
}

function Chosen({ lines }: { lines: Past[] }) {
  const [from, setFrom] = useState(lines[1]!.id);
  const [to, setTo] = useState(lines[0]!.id);
  const data = lines.map((line) => ({ value: line.id, label: `${instant(line.loaded_at)} · ${short(line.id)}${line.author ? ` · ${line.author}` : ''}` }));
  const difference = useQuery({ queryKey: ['revisions', 'difference', from, to], queryFn: () => get<Schemas['RevisionDifference']>(`/api/revisions/${encodeURIComponent(to)}/difference?from=${encodeURIComponent(from)}`), staleTime: Infinity, meta: { fixed: true } });
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <NativeSelect aria-label="Revision before" data={data} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        →
        <NativeSelect aria-label="Revision after" data={data} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
      <Answered query={difference}>
        {({ changes, formatting_only: formatting }) => (
          <>
            <Lines label="Changes" of={changes} id={(change) => `${change.path}:${change.line} ${change.subject} ${change.field} ${change.aspect ?? ''} ${change.kind}`} empty="They mean the same." columns={[
              { name: '', width: 90, cell: (change) => <Badge color={colors[change.kind] ?? 'gray'}>{change.kind}</Badge> },
              { name: 'What', cell: (change) => <>{change.subject}{change.field && <Text span size="sm" c="dimmed"> {change.field}</Text>}{change.aspect && <>: {change.aspect}</>}</> },
              { name: 'Before', cell: (change) => <span className="code">{change.before ?? ''}</span> },
              { name: 'After', cell: (change) => <b className="code">{change.after ?? ''}</b> },
              { name: 'Where', cell: (change) => <span className="code">{change.path}:{change.line}</span> },
            ]} />
            {formatting.length > 0 && <Text size="sm" c="dimmed">Only written otherwise: {formatting.join(', ')}</Text>}
          </>
        )}
      </Answered>
    </Stack>
  );
}
