import { Alert, Button, Group, NativeSelect, NumberInput, Slider, Stack, Table, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../access/session';
import { type Labels, type Schemas, send } from '../api/client';
import { instant, plural } from '../api/words';
import { Part } from '../app/Page';
import { Nothing, ProblemNote } from '../app/problems';
import { comparisons, reach, withThreshold } from './comparisons';

type Tried = Schemas['EditedBacktest'];

/** A copy of a rule's expression that is changed here, by text or by sliding a threshold, and replayed over the last days. */
export function TryRule({ rules }: { rules: Schemas['RuleLine'][] }) {
  const { roles } = useSession();
  const alerting = rules.filter((rule) => rule.kind === 'alerting');
  const [name, setName] = useState(alerting[0]?.rule ?? '');
  const rule = alerting.find((one) => one.rule === name) ?? alerting[0];
  if (!rule) {
    return null;
  }
  const may = roles.includes('author') || roles.includes('admin');
  return (
    <Part title="Try a rule with other thresholds" aside="nothing is written; rules are changed in Git">
      {may ? (
        <Stack gap="sm">
          <NativeSelect w={280} label="Rule" data={[...new Set(alerting.map((one) => one.rule))]} value={rule.rule} onChange={(event) => setName(event.currentTarget.value)} />
          <Copy key={rule.rule} rule={rule} />
        </Stack>
      ) : <Nothing>This needs the role author for every model.</Nothing>}
    </Part>
  );
}

function Copy({ rule }: { rule: Schemas['RuleLine'] }) {
  const [text, setText] = useState(rule.expression);
  const [days, setDays] = useState(7);
  const tried = useMutation({ mutationFn: (expression: string) => send<Tried>('POST', `/api/rules/${encodeURIComponent(rule.rule)}/backtest`, { expression, days }) });
  const change = (at: number, threshold: number, isLast: boolean) => {
    const edited = withThreshold(text, at, threshold);
    setText(edited);
    if (isLast) {
      tried.mutate(edited);
    }
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); tried.mutate(text); }}>
      <Stack gap="sm">
        <Textarea label="Expression of the copy" autosize minRows={2} maxRows={8} value={text} onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: 'code' }} />
        <Thresholds original={rule.expression} text={text} onChange={change} />
        <Group align="flex-end" gap="xs">
          <NumberInput label="Days" w={90} min={1} max={90} value={days} onChange={(value) => setDays(Number(value) || 7)} />
          <Button type="submit" variant="default" loading={tried.isPending}>Replay</Button>
          {text !== rule.expression && <Button variant="subtle" onClick={() => { setText(rule.expression); tried.reset(); }}>As it is in force</Button>}
        </Group>
        {tried.error && <ProblemNote error={tried.error} />}
        {tried.data && <Outcome tried={tried.data} />}
      </Stack>
    </form>
  );
}

function Thresholds({ original, text, onChange }: { original: string; text: string; onChange: (at: number, threshold: number, isLast: boolean) => void }) {
  const first = comparisons(original);
  return comparisons(text).map((part, at) => {
    const { min, max, step } = reach(first[at]?.threshold ?? part.threshold);
    return (
      <div key={at}>
        <Text size="sm"><span className="code">{part.series} {part.op}</span> <b>{part.threshold}</b></Text>
        <Slider size="sm" maw={520} min={Math.min(min, part.threshold)} max={Math.max(max, part.threshold)} step={step} value={part.threshold} label={null} thumbLabel={`Threshold of ${part.series}`}
          marks={first[at] ? [{ value: first[at].threshold }] : []} onChange={(value) => onChange(at, value, false)} onChangeEnd={(value) => onChange(at, value, true)} />
      </div>
    );
  });
}

function Outcome({ tried }: { tried: Tried }) {
  const { before, after, added, removed, difference } = tried;
  const lines = [['Alerts', 'alerts'], ['Fixes', 'fixes'], ['Labels asked for', 'label_cost']] as const;
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">{plural(tried.evaluations, 'evaluation')} from {instant(tried.from)} to {instant(tried.to)} UTC; both by the same evaluator, over the same samples{tried.begun ? `, replayed from ${instant(tried.begun)} on` : ''}.</Text>
      {tried.errors.map((error) => <Alert key={error.first} color="red" title={`It could not be evaluated ${plural(error.times, 'time')}`}>{error.error}</Alert>)}
      <Table maw={520} aria-label="Outcome of the copy">
        <Table.Thead><Table.Tr><Table.Th scope="col">Would have been</Table.Th>{['in force', 'copy', 'more', 'fewer'].map((name) => <Table.Th key={name} scope="col" className="numeric">{name}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {lines.map(([words, field]) => (
            <Table.Tr key={field}><Table.Th scope="row" fw={400}>{words}</Table.Th>{[before, after, added, removed].map((counts, at) => <Table.Td key={at} className="numeric">{counts[field].toLocaleString('en-US')}</Table.Td>)}</Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Alerts title="Alerts that only the copy raises" of={difference.alerts_added} />
      <Alerts title="Alerts that the copy does not raise any more" of={difference.alerts_removed} />
    </Stack>
  );
}

function Alerts({ title, of }: { title: string; of: Schemas['BacktestAlert'][] }) {
  return of.length === 0 ? null : (
    <div>
      <Text size="sm" fw={500}>{title}</Text>
      {of.slice(0, 20).map((alert, at) => <Text key={at} size="sm">{instant(alert.fired_at)} to {alert.resolved_at ? instant(alert.resolved_at) : 'the end'}: {alert.rule} <span className="code">{told(alert.labels as Labels)}</span></Text>)}
      {of.length > 20 && <Text size="sm" c="dimmed">and {plural(of.length - 20, 'other')}</Text>}
    </div>
  );
}

function told(labels: Labels): string {
  return Object.entries(labels).filter(([name]) => name !== 'alertname').map(([name, value]) => `${name}="${value}"`).join(', ');
}
