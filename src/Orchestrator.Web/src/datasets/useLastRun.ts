import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';

/** When a dataset was last measured: what a measurement saw stays as it is until there is another, whatever else is written. */
export function useLastRun(dataset: string): { isKnown: boolean; at: string } {
  const monitors = useQuery({ queryKey: ['monitors'], queryFn: () => get<Schemas['MonitorLine'][]>('/api/monitors') });
  return { isKnown: monitors.data !== undefined, at: monitors.data?.find((monitor) => monitor.datasets.includes(dataset))?.last_run ?? '' };
}
