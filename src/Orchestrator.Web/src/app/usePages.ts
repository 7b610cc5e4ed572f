import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { getPage, type PageOf } from '../api/client';

// The first page is there at once; the later ones are as large as the server gives, since all of them are asked again when something is written.
const first = 100;
const later = 1000;

/** A list that is read a page at a time, as far as somebody scrolls. */
export function usePages<T>(queryKey: QueryKey, path: string) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => getPage<T>(`${path}${path.includes('?') ? '&' : '?'}limit=${pageParam === null ? first : later}${pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page: PageOf<T>) => page.next,
    select: (data) => ({ lines: data.pages.flatMap((page) => page.lines), total: data.pages.at(-1)?.total ?? 0 }),
  });
  const more = query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : undefined;
  return { query, more, aside: query.data && `${query.data.total.toLocaleString('en-US')} in all` };
}
