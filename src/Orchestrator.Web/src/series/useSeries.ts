import { useQuery } from '@tanstack/react-query';
import { get, type Labels, number, type Schemas } from '../api/client';

export type Line = { labels: Labels; points: [number, number][] };

/** What a PromQL expression gives, each series with its points in milliseconds. */
export function useSeries(query: string, at?: string) {
  return useQuery({
    queryKey: ['series', query, at],
    queryFn: async () => {
      const parameters = new URLSearchParams({ query, ...(at ? { at } : {}) });
      const answer = await get<Schemas['Answer']>(`/api/series/query?${parameters}`);
      return answer.samples.map((sample): Line => ({
        labels: sample.labels as Labels,
        points: sample.points.map((point): [number, number] => [new Date(point.at).getTime(), number(point.value)]),
      }));
    },
    enabled: query.length > 0,
  });
}

/** Labels as a selector is written. */
export function selector(name: string, labels: Labels): string {
  const conditions = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${conditions.join(',')}}`;
}
