import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

const again = 5000;

/** What never changes stays as it is. */
const moving = { predicate: (query: Query) => query.meta?.fixed !== true };

/** Asks again for what a page shows whenever the server says that something was written; tells whether the server is heard. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [heard, setHeard] = useState(true);
  useEffect(() => {
    let events: EventSource;
    let timer: number | undefined;
    let lost = false;
    const listen = () => {
      events = new EventSource('/api/events');
      events.addEventListener('open', () => {
        setHeard(true);
        if (lost) {
          // What was written while nobody listened.
          lost = false;
          void queries.invalidateQueries(moving);
        }
      });
      events.addEventListener('written', () => void queries.invalidateQueries(moving));
      events.addEventListener('error', () => {
        lost = true;
        setHeard(false);
        // A browser tries again by itself, but not after an answer that it takes for final.
        if (events.readyState === EventSource.CLOSED) {
          timer = window.setTimeout(listen, again);
        }
      });
    };
    listen();
    return () => {
      window.clearTimeout(timer);
      events.close();
    };
  }, [queries]);
  return heard;
}
