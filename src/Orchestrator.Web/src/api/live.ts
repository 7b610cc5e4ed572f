import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Asks again for what a page shows whenever the server says that something was written; tells whether the server is heard. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [heard, setHeard] = useState(true);
  useEffect(() => {
    const events = new EventSource('/api/events');
    events.addEventListener('open', () => setHeard(true));
    events.addEventListener('written', () => {
      setHeard(true);
      void queries.invalidateQueries();
    });
    events.addEventListener('error', () => setHeard(false));
    return () => events.close();
  }, [queries]);
  return heard;
}
