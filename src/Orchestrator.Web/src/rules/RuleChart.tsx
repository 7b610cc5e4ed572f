import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get, type Labels, type Schemas } from '../api/client';
import { Answered, Nothing } from '../app/problems';
import { useStanding } from '../app/Shell';
import { Chart, type Band, type Bound } from '../series/Chart';
import { type Line, useSeries } from '../series/useSeries';
import { comparisons } from './comparisons';

type Props = { rule: string; labels: Labels; from: string; to: string | null };

/** The measurements that a rule compares, with its thresholds, and the span for which it held. */
export function RuleChart({ rule, labels, from, to }: Props) {
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => get<Schemas['RuleLine'][]>('/api/rules') });
  return (
    <Answered query={rules}>
      {(lines) => {
        const expression = lines.find((line) => line.rule === rule)?.expression;
        const parts = expression ? comparisons(expression) : [];
        return parts.length === 0
          ? <Nothing>{expression ? 'This rule compares no single series with a number.' : 'The rule is not in force any more.'}</Nothing>
          : <Stack gap="md">{parts.map((part) => <Compared key={part.text} {...part} labels={labels} from={from} to={to} />)}</Stack>;
      }}
    </Answered>
  );
}

function Compared({ series, op, threshold, text, labels, from, to }: ReturnType<typeof comparisons>[number] & Omit<Props, 'rule'>) {
  const now = useStanding().data?.now;
  const query = useSeries(`${series}[14d]`);
  const wanted = useMemo(() => (query.data ?? []).filter((line) => Object.entries(line.labels).every(([name, value]) => name === '__name__' || labels[name] === undefined || name === 'dataset' || labels[name] === value)).slice(0, 8), [query.data, labels]);
  const bounds = useMemo((): Bound[] => [{ value: threshold, label: `${op} ${threshold}` }], [op, threshold]);
  const bands = useMemo((): Band[] => [{ from: new Date(from).getTime(), to: new Date(to ?? now ?? from).getTime(), label: 'holds', color: 'red' }], [from, to, now]);
  return (
    <section aria-label={text}>
      <Text className="code" mb={4}>{text}</Text>
      <Answered query={query}>
        {() => wanted.length === 0 ? <Nothing>There are no measurements of the last 14 days.</Nothing> : <Chart label={text} lines={wanted} name={nameOf} bounds={bounds} bands={bands} height={180} />}
      </Answered>
    </section>
  );
}

function nameOf(line: Line): string {
  const { __name__: name, model: _, ...rest } = line.labels;
  return [name, ...Object.values(rest)].join(' ');
}
