import { Anchor, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { get, type Schemas } from '../api/client';
import { figure, instant } from '../api/words';
import { Lines } from '../app/Lines';
import { Answered } from '../app/problems';
import { Sparkline } from '../series/Sparkline';
import { selector, useSeries } from '../series/useSeries';

export const useModels = () => useQuery({ queryKey: ['models'], queryFn: () => get<Schemas['ModelLine'][]>('/api/models') });

// The measure that people ask for first, by task.
const keyMetrics = '__name__=~"model_(accuracy|rmse)"';

/** Models, each with what serves and the course of its key metric. */
export function ModelLines() {
  const navigate = useNavigate();
  return (
    <Answered query={useModels()}>
      {(models) => (
        <Lines label="Models" of={models} id={(model) => model.model} empty="No model has a version yet." onOpen={(model) => void navigate({ to: '/models/$name', params: { name: model.model } })} columns={[
          { name: 'Model', cell: (model) => <Anchor component={Link} to={`/models/${model.model}`} fw={600}>{model.model}</Anchor> },
          { name: 'Champion', cell: (model) => model.champion ? (model.champion.id ?? `${model.model}-${model.champion.number}`) : <Text span c="dimmed" size="sm">none serves</Text> },
          { name: 'Since', cell: (model) => <Text span size="sm" style={{ whiteSpace: 'nowrap' }}>{instant(model.since)}</Text> },
          { name: 'Versions', numeric: true, cell: (model) => model.versions },
          { name: 'Key metric, 7 days', width: 230, cell: (model) => <KeyMetric model={model.model} /> },
        ]} />
      )}
    </Answered>
  );
}

function KeyMetric({ model }: { model: string }) {
  const { data: lines, isPending } = useSeries(`{${keyMetrics},model=${JSON.stringify(model)}}[7d]`);
  if (isPending) {
    return <Skeleton h={18} w={150} />;
  }
  const line = lines?.[0];
  const last = line?.points.at(-1)?.[1];
  if (!line || last === undefined) {
    return <Text span c="dimmed" size="sm">not measured</Text>;
  }
  const name = (line.labels.__name__ ?? '').replace('model_', '');
  return (
    <Group gap="xs" wrap="nowrap">
      <Sparkline line={line} label={selector(name, { model })} width={90} />
      <span>{figure(last)} <Text span size="xs" c="dimmed">{name}</Text></span>
    </Group>
  );
}
