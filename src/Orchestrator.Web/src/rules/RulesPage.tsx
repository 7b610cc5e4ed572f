import { Alert, Badge, Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useSeesAll } from '../access/session';
import { get, number, type Schemas, send } from '../api/client';
import { figure, instant, plural, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered, Nothing, telling } from '../app/problems';
import { State } from '../app/State';
import { Chart } from '../series/Chart';
import { type Line, useSeries } from '../series/useSeries';
import { RevisionsPart } from './RevisionsPart';
import { TryRule } from './TryRule';

/** The rules in force, what they raise, and a place to try an expression. */
export function RulesPage() {
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => get<Schemas['RuleLine'][]>('/api/rules') });
  const seesAll = useSeesAll();
  const alerts = useQuery({ queryKey: ['alerts'], queryFn: () => get<Schemas['AlertLine'][]>('/api/rules/alerts') });
  return (
    <Page title="Rules" lead="Rules are written in Git; here they are seen and tried.">
      {seesAll && <Revision />}
      <Part title="Alerts">
        <Answered query={alerts}>
          {(lines) => (
            <Lines label="Alerts" of={lines} id={(alert) => alert.rule + JSON.stringify(alert.labels)} empty="No rule holds." columns={[
              { name: 'Rule', cell: (alert) => <b>{alert.rule}</b> },
              { name: 'State', cell: (alert) => <State of={alert.state} /> },
              { name: 'What', cell: (alert) => alert.summary ?? <span className="code">{JSON.stringify(alert.labels)}</span> },
              { name: 'Value', numeric: true, cell: (alert) => figure(number(alert.value)) },
              { name: 'Since (UTC)', cell: (alert) => instant(alert.active_at) },
            ]} />
          )}
        </Answered>
      </Part>
      <Answered query={rules}>{(lines) => <>{[...new Set(lines.map((line) => line.group))].map((group) => <RuleGroup key={group} name={group} rules={lines.filter((line) => line.group === group)} />)}<TryRule rules={lines} /></>}</Answered>
      <Try />
      {seesAll && <RevisionsPart />}
    </Page>
  );
}

function RuleGroup({ name, rules }: { name: string; rules: Schemas['RuleLine'][] }) {
  return (
    <Part title={name} aside={plural(rules.length, 'rule')}>
      <Table aria-label={`Rules of ${name}`}>
        <Table.Tbody>
          {rules.map((rule, at) => (
            <Table.Tr key={at}>
              <Table.Td w={220} valign="top">
                <Text size="sm" fw={600}>{rule.rule}</Text>
                <Group gap={4}>
                  {rule.kind === 'recording' && <Badge color="gray">records</Badge>}
                  {rule.firing > 0 && <Badge color="red">{rule.firing} firing</Badge>}
                  {rule.pending > 0 && <Badge color="yellow">{rule.pending} pending</Badge>}
                  {rule.workflow && <Badge color="indigo">{rule.workflow}</Badge>}
                  {rule.owner && <Badge color="gray">{rule.owner}</Badge>}
                </Group>
              </Table.Td>
              <Table.Td valign="top"><div className="code">{rule.expression}</div>{rule.error && <Alert mt={6} color="red" p="xs" title="It cannot be evaluated">{rule.error}</Alert>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  );
}

function Revision() {
  const may = useMay();
  const queries = useQueryClient();
  const revisions = useQuery({ queryKey: ['revisions'], queryFn: () => get<Schemas['RevisionsShown']>('/api/revisions') });
  const sync = async () => {
    await telling(() => send('POST', '/api/revisions/sync', {}), 'The source was looked at.');
    await queries.invalidateQueries();
  };
  return (
    <Part title="Revision in force" aside={may('author') && <Button size="compact-xs" variant="default" onClick={sync}>Look for a newer one</Button>}>
      <Answered query={revisions}>
        {({ in_force: current, last_attempt: last }) => (
          <Stack gap="xs">
            {current ? <Text size="sm"><span className="code">{short(current.id)}</span> of {current.source}, since {instant(current.since)} UTC{current.author && <>, by {current.author}</>}: {current.files.length} files</Text> : <Nothing>No revision is in force yet.</Nothing>}
            {last && !last.accepted && (
              <Alert color="red" title={`The revision of ${instant(last.at)} UTC was refused; the one before stays in force`}>
                {last.diagnostics.map((line) => <div key={line} className="code">{line}</div>)}
              </Alert>
            )}
          </Stack>
        )}
      </Answered>
    </Part>
  );
}

function Try() {
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  const answer = useSeries(query);
  const isRange = answer.data?.some((line) => line.points.length > 1) ?? false;
  return (
    <Part title="Try an expression" aside="PromQL; a range such as model_accuracy[7d] is drawn">
      <form onSubmit={(event) => { event.preventDefault(); setQuery(text.trim()); }}>
        <Group align="flex-end" gap="xs">
          <Textarea flex={1} label="Expression" autosize minRows={1} maxRows={6} value={text} onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: 'code' }}
            onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); setQuery(text.trim()); } }} />
          <Button type="submit" variant="default">Evaluate</Button>
        </Group>
      </form>
      {query && (
        <Answered query={answer}>
          {(lines) => lines.length === 0 ? <Nothing>It gives nothing: no series has these labels, or the condition holds for none.</Nothing> : isRange
            ? <Chart label={query} lines={lines} name={nameOf} />
            : <Lines label="Result" of={lines} id={nameOf} empty="" columns={[{ name: 'Series', cell: (line) => <span className="code">{nameOf(line)}</span> }, { name: 'Value', numeric: true, cell: (line) => figure(line.points[0]?.[1] ?? NaN) }]} />}
        </Answered>
      )}
    </Part>
  );
}

function nameOf(line: Line): string {
  const { __name__: name = '', ...rest } = line.labels;
  const labels = Object.entries(rest).map(([label, value]) => `${label}="${value}"`).join(', ');
  return labels ? `${name}{${labels}}` : name || 'a number';
}
