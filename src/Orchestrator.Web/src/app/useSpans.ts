import { type QueryKey, useQueries } from '@tanstack/react-query';
import { get } from '../api/client';

/** Entries in one request. */
export const span = 100;

/** What never changes is not asked for again when something is written. */
export const fixed = { staleTime: Infinity, meta: { fixed: true } } as const;

/** Those spans of a list that the entries in sight belong to, by their number; what is not there yet is absent. */
export function useSpans<T>(key: QueryKey, path: string, first: number, count: number): { of: (index: number) => T | undefined; error: unknown } {
  const [from, to] = [Math.floor(first / span), Math.floor((first + Math.max(1, count) - 1) / span)];
  const wanted = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const answers = useQueries({
    queries: wanted.map((at) => ({ queryKey: [...key, at], queryFn: () => get<T>(spanOf(path, at)), ...fixed })),
  });
  return { of: (index) => answers[Math.floor(index / span) - from]?.data, error: answers.find((answer) => answer.error)?.error };
}

export function spanOf(path: string, at: number): string {
  return `${path}${path.includes('?') ? '&' : '?'}offset=${at * span}&limit=${span}`;
}
