import type { Line } from './useSeries';

/** The course of one series, small enough for a table's cell; its words are its figures. */
export function Sparkline({ line, width = 120, height = 26, label }: { line: Line | undefined; width?: number; height?: number; label: string }) {
  const points = line?.points.filter(([, value]) => Number.isFinite(value)) ?? [];
  if (points.length < 2) {
    return null;
  }
  const [times, values] = [points.map(([time]) => time), points.map(([, value]) => value)];
  const [first, last, low, high] = [times[0]!, times.at(-1)!, Math.min(...values), Math.max(...values)];
  const x = (time: number) => 2 + ((time - first) / Math.max(1, last - first)) * (width - 4);
  const y = (value: number) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6);
  const path = points.map(([time, value], at) => `${at === 0 ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return (
    <svg width={width} height={height} role="img" aria-label={`${label}: from ${values[0]!.toPrecision(3)} to ${values.at(-1)!.toPrecision(3)}, between ${low.toPrecision(3)} and ${high.toPrecision(3)}`}>
      <path d={path} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={1.5} />
      <circle cx={x(last)} cy={y(values.at(-1)!)} r={2.4} fill="var(--mantine-primary-color-filled)" />
    </svg>
  );
}
