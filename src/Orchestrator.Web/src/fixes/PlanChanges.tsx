import { Stack, Text } from '@mantine/core';
import type { Schemas } from '../api/client';
import { Lines } from '../app/Lines';
import { Part } from '../app/Page';
import { activityChanges, inputChanges } from './changes';

/** What a person changed in the plan, for whoever approves it. */
export function PlanChanges({ fix, history }: { fix: Schemas['Fix']; history: Schemas['FixHistory'][] }) {
  const plans = history.flatMap(({ event }) => (event.$type === 'proposed' ? [event.plan] : []));
  const [before, after] = [plans.at(-2), plans.at(-1)];
  if (!before || !after) {
    return null;
  }
  const inputs = inputChanges(before, after);
  const { added, removed } = activityChanges(before, after);
  return (
    <Part title="Changed since the plan before" aside={`plan ${fix.plan_number}, by ${fix.proposed_by}`}>
      <Stack gap={4}>
        {inputs.length > 0 && (
          <Lines label="Changed inputs" of={inputs} id={(change) => `${change.activity} ${change.input}`} empty="" columns={[
            { name: 'Input', cell: (change) => <>{change.activity}: {change.input}</> },
            { name: 'Before', cell: (change) => <span className="code">{change.before || '–'}</span> },
            { name: 'Now', cell: (change) => <b className="code">{change.after || '–'}</b> },
          ]} />
        )}
        {added.length > 0 && <Text size="sm">Added: {added.join(', ')}</Text>}
        {removed.length > 0 && <Text size="sm">Taken out: {removed.join(', ')}</Text>}
        {inputs.length + added.length + removed.length === 0 && <Text size="sm">Its inputs are the same; see how its activities are connected.</Text>}
      </Stack>
    </Part>
  );
}
