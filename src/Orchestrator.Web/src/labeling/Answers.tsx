import { Progress } from '@mantine/core';
import type { Schemas } from '../api/client';

/** How much of a queue is answered. */
export function Answers({ queue }: { queue: Schemas['LabelQueue'] }) {
  const [answered, all] = [queue.answered ?? 0, (queue.answered ?? 0) + (queue.open ?? 0) + (queue.skipped ?? 0)];
  return <Progress value={all === 0 ? 0 : (answered / all) * 100} color="teal" aria-label={`${answered} of ${all} answered`} title={`${answered} of ${all}`} />;
}
