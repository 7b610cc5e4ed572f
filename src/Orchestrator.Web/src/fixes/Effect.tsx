import { Group, Progress, Text } from '@mantine/core';
import { number, type Schemas } from '../api/client';
import { figure } from '../api/words';
import { Part } from '../app/Page';

/** What the fix is expected to do, or why that was not computed. */
export function Effect({ plan, fix }: { plan: Schemas['FixPlan']; fix: Schemas['Fix'] }) {
  const { metric, basis } = plan.prediction;
  const [before, expected] = [number(plan.prediction.before), number(plan.prediction.expected)];
  const known = metric && Number.isFinite(before) && Number.isFinite(expected);
  return (
    <Part title="Predicted effect" aside={fix.model ?? undefined}>
      {known && (
        <>
          <Group align="baseline" gap="xs">
            <Text size="xl" fw={600}>{figure(before)} → {figure(expected)}</Text>
            <Text size="sm" c={expected >= before ? 'teal' : 'red'} fw={600}>{expected >= before ? '+' : ''}{(expected - before).toFixed(4)}</Text>
          </Group>
          <Text size="xs" c="dimmed">{metric}</Text>
          {before >= 0 && expected <= 1 && before <= 1 && (
            <Progress.Root size="sm" my="xs" aria-hidden="true">
              <Progress.Section value={Math.min(before, expected) * 100} color="gray" withAria={false} />
              <Progress.Section value={Math.abs(expected - before) * 100} color={expected >= before ? 'teal' : 'red'} withAria={false} />
            </Progress.Root>
          )}
        </>
      )}
      <Text size="sm">{basis}</Text>
    </Part>
  );
}
