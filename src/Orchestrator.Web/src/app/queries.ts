import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/client';

/** What was asked stays fresh until the server says that something was written; nothing is polled. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => error instanceof ApiProblem && (error.status === 0 || error.status >= 500) && count < 5,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 10_000),
    },
  },
});
