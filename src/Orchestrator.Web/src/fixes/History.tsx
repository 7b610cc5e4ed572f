import { Text, Timeline } from '@mantine/core';
import type { Schemas } from '../api/client';
import { instant, short } from '../api/words';

/** What happened to a fix, oldest first, and what it waits for. */
export function History({ entries, work }: { entries: Schemas['FixHistory'][]; work: Schemas['EffectStatus'][] }) {
  const waiting = work.filter((effect) => effect.kind !== 'timer');
  return (
    <Timeline bulletSize={10} lineWidth={2} active={entries.length}>
      {entries.map((entry, at) => (
        <Timeline.Item key={at} title={<Text size="sm" fw={500}>{words(entry.event)}</Text>}>
          <Text size="xs" c="dimmed">{instant(entry.at)} · {entry.actor}</Text>
          {comment(entry.event) && <Text size="sm" fs="italic">{comment(entry.event)}</Text>}
        </Timeline.Item>
      ))}
      {waiting.map((effect) => (
        <Timeline.Item key={effect.key} lineVariant="dashed" title={<Text size="sm">{effect.state === 'parked' ? 'Parked' : 'Waits for'}: {effect.kind}</Text>}>
          {effect.note && <Text size="xs" c={effect.state === 'parked' ? 'red' : 'dimmed'}>{effect.note}</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function words(event: Schemas['FixEvent']): string {
  switch (event.$type) {
    case 'opened': return 'Opened';
    case 'proposed': return `Plan ${short(event.plan.sha256)} proposed`;
    case 'approved': return `Plan ${short(event.plan_sha256)} approved`;
    case 'started': return 'Runs';
    case 'ran': return 'The workflow ended; recovery is being verified';
    case 'compensation_started': return `Is being undone: ${event.reason}`;
    case 'ended': return `Ended: ${event.state}. ${event.reason}`;
    default: return 'Changed';
  }
}

function comment(event: Schemas['FixEvent']): string | null {
  return event.$type === 'approved' ? event.comment : event.$type === 'ran' ? event.reason : null;
}
