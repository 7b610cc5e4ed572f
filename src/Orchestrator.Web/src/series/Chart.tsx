import { Center, Loader, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Line } from './useSeries';

/** A horizontal bound, such as a rule's threshold. */
export type Bound = { value: number; label: string };

/** A span of time with a meaning, such as "firing". */
export type Band = { from: number; to: number; label: string; color: 'red' | 'yellow' | 'blue' | 'teal' };

export type ChartProps = { lines: Line[]; name: (line: Line) => string; bounds?: Bound[]; bands?: Band[]; height?: number; label: string };

const Drawn = lazy(() => import('./DrawnChart'));

/** Series over time; the drawing library comes when the first chart does. */
export function Chart(props: ChartProps) {
  const scheme = useComputedColorScheme('light');
  const height = props.height ?? 240;
  return (
    <Suspense fallback={<Center h={height}><Loader size="sm" /></Center>}>
      <Drawn key={scheme} {...props} height={height} dark={scheme === 'dark'} />
    </Suspense>
  );
}
