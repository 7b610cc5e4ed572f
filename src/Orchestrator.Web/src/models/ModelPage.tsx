import { Badge, Button, Grid, Group, Modal, SegmentedControl, Stack, Switch, Text, Textarea, Timeline, Tooltip } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useMay } from '../access/session';
import { useConfirmed } from '../access/useConfirmed';
import { get, number, type Schemas, send } from '../api/client';
import { figure, instant, short } from '../api/words';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered, Nothing, telling } from '../app/problems';
import { Chart, type Band } from '../series/Chart';
import { type Line, useSeries } from '../series/useSeries';
import { servingSpans, trainerOf } from './serving';

/** One model: how well it does, which versions there are, which served when. */
export function ModelPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const shown = useQuery({ queryKey: ['model', name], queryFn: () => get<Schemas['ModelShown']>(`/api/models/${encodeURIComponent(name)}`) });
  return <Answered query={shown} lines={10}>{(data) => <Shown shown={data} />}</Answered>;
}

type Wish = { kind: 'promote'; version: string } | { kind: 'rollback' };

function Shown({ shown }: { shown: Schemas['ModelShown'] }) {
  const may = useMay();
  const [wish, setWish] = useState<Wish | null>(null);
  const idOf = (version: Schemas['ModelVersion']) => version.id ?? `${shown.model}-${version.number}`;
  return (
    <Page title={shown.model} lead={shown.champion ? <>{shown.champion} serves</> : 'No version serves.'}
      actions={may('admin') && shown.history.length > 1 && <Button variant="default" onClick={() => setWish({ kind: 'rollback' })}>Roll back</Button>}>
      <Metrics shown={shown} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Part title="Versions">
            <Lines label="Versions" of={shown.versions} id={(version) => version.digest + version.number} empty="There is none." columns={[
              { name: 'Version', width: 130, cell: (version) => <Group gap={6}><Text span size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>{idOf(version)}</Text>{idOf(version) === shown.champion && <Badge color="teal" style={{ flexShrink: 0 }}>champion</Badge>}</Group> },
              { name: 'Trained on', cell: (version) => <>{version.dataset} <span className="code">{short(version.dataset_version)}</span></> },
              { name: 'By', cell: (version) => <Trainer text={version.trainer} /> },
              { name: 'Metrics', cell: (version) => <span className="code">{Object.entries(version.metrics).slice(0, 3).map(([metric, value]) => `${metric} ${figure(number(value))}`).join(', ')}</span> },
              { name: 'Made (UTC)', cell: (version) => instant(version.created_at) },
              { name: '', cell: (version) => may('admin') && idOf(version) !== shown.champion ? <Button size="compact-xs" variant="light" onClick={() => setWish({ kind: 'promote', version: idOf(version) })}>Promote</Button> : null },
            ]} />
          </Part>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Part title="Served when">
            <Timeline bulletSize={10} lineWidth={2} active={shown.history.length}>
              {[...shown.history].reverse().map((move) => (
                <Timeline.Item key={move.sequence} color={move.kind === 'rollback' ? 'orange' : undefined} title={<Text size="sm" fw={500}>{move.kind === 'rollback' ? 'Back to' : 'Promoted'} {move.to ?? 'nothing'}</Text>}>
                  <Text size="xs" c="dimmed">{instant(move.at)} · {move.actor}</Text>
                  <Text size="sm">{move.reason}</Text>
                </Timeline.Item>
              ))}
            </Timeline>
          </Part>
        </Grid.Col>
      </Grid>
      <MoveDialog model={shown.model} wish={wish} onClose={() => setWish(null)} />
    </Page>
  );
}

const metrics = { Quality: 'model_(accuracy|f1|auroc|rmse|mae|r2|log_loss)', Latency: 'system_latency_seconds', Segments: 'model_segment_accuracy' };

function Metrics({ shown }: { shown: Schemas['ModelShown'] }) {
  const [kind, setKind] = useState<keyof typeof metrics>('Quality');
  const lines = useSeries(`{__name__=~"${metrics[kind]}",model=${JSON.stringify(shown.model)}}[30d]`);
  const bands = useMemo((): Band[] => servingSpans(shown.history), [shown.history]);
  return (
    <Part title="Over time" aside={<SegmentedControl size="xs" data={Object.keys(metrics)} value={kind} onChange={(value) => setKind(value as keyof typeof metrics)} aria-label="Which metrics" />}>
      <Answered query={lines}>
        {(data) => data.length === 0 ? <Nothing>None of them was measured in the last 30 days.</Nothing> : <Chart label={`${kind} of ${shown.model} over time`} lines={data} name={nameOf} bands={bands} height={260} />}
      </Answered>
    </Part>
  );
}

/** What trained a version, by its name; its parameters for those who point at it. */
function Trainer({ text }: { text: string }) {
  const { trainer, parameters } = trainerOf(text);
  return parameters ? <Tooltip label={<div className="code">{parameters}</div>} multiline maw={420}><Text span size="sm" tabIndex={0}>{trainer}</Text></Tooltip> : <>{trainer}</>;
}

function nameOf(line: Line): string {
  const { __name__: name, model: _, dataset: __, ...rest } = line.labels;
  return [name?.replace(/^(model|system)_/, ''), ...Object.values(rest)].join(' ');
}

function MoveDialog({ model, wish, onClose }: { model: string; wish: Wish | null; onClose: () => void }) {
  const queries = useQueryClient();
  const { run, dialog } = useConfirmed();
  const [reason, setReason] = useState('');
  const [override, setOverride] = useState(false);
  const move = async () => {
    const target = wish!;
    onClose();
    // One key for both tries: where the key has to be shown in between, the champion moves once.
    const body = target.kind === 'promote' ? { version: target.version, reason, override_gate: override } : { reason };
    await telling(() => run(() => send('POST', `/api/models/${encodeURIComponent(model)}/${target.kind}`, body)), target.kind === 'promote' ? `${target.version} serves.` : 'The version before serves again.');
    setReason('');
    setOverride(false);
    await queries.invalidateQueries();
  };
  return (
    <>
      <Modal opened={wish !== null} onClose={onClose} title={wish?.kind === 'promote' ? `Let ${wish.version} serve` : `Roll ${model} back`} centered>
        <form onSubmit={(event) => { event.preventDefault(); void move(); }}>
          <Stack>
            <Textarea label="Reason" description="Stands in the history of the model and in the audit" required value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
            {wish?.kind === 'promote' && <Switch label="Although it did not pass the gate" checked={override} onChange={(event) => setOverride(event.currentTarget.checked)} />}
            <Button type="submit" color={wish?.kind === 'rollback' ? 'orange' : undefined} disabled={reason.trim().length === 0}>{wish?.kind === 'promote' ? 'Promote' : 'Roll back'}</Button>
          </Stack>
        </form>
      </Modal>
      {dialog}
    </>
  );
}
