import { Alert, Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client';

/** What went wrong, in words, with what to do next. */
export function ProblemNote({ error }: { error: unknown }) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <Alert color="red" title={problem?.detail ?? 'This part of the page failed.'} role="alert">
      {problem ? <Next words={problem.next} /> : String(error)}
    </Alert>
  );
}

const pages = ['findings', 'fixes', 'labels', 'datasets', 'models', 'rules', 'workflows', 'audit'];

/** What to do next; where it names a list of the API that has a page, the page is meant. */
function Next({ words }: { words: string }) {
  const list = /^See \/api\/(\w+)\S* for/.exec(words)?.[1];
  return list && pages.includes(list) ? <>Go to <Anchor component={Link} to={`/${list}`} size="sm" c="inherit" underline="always">{list}</Anchor> for those that exist.</> : <>{words}</>;
}

/** The answer of a query once it is there; until then its outline, and words where it failed. */
export function Answered<T>({ query, children, lines = 4 }: { query: Pick<UseQueryResult<T>, 'data' | 'error'>; children: (data: T) => ReactNode; lines?: number }) {
  if (query.data !== undefined) {
    return <>{children(query.data)}</>;
  }
  if (query.error) {
    return <ProblemNote error={query.error} />;
  }
  return <Stack gap="xs" aria-busy="true">{Array.from({ length: lines }, (_, line) => <Skeleton key={line} h={18} />)}</Stack>;
}

export function Nothing({ children }: { children: ReactNode }) {
  return <Text c="dimmed" size="sm" py="xs">{children}</Text>;
}

/** Tells what an action did, or why it did not. */
export async function telling(act: () => Promise<unknown>, done: string): Promise<boolean> {
  try {
    await act();
    notifications.show({ message: done, color: 'teal' });
    return true;
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : null;
    notifications.show({ title: problem?.detail ?? 'It failed.', message: problem?.next ?? String(error), color: 'red', autoClose: 12_000 });
    return false;
  }
}
