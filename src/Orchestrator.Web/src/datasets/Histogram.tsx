import type { Schemas } from '../api/client';
import { figure, percent } from '../api/words';
import { barsOf, movedWords } from './bars';

const [width, height] = [300, 96];

/** Both sides of a feature: the rows as bars, the reference as the line of its steps. */
export function Histogram({ of }: { of: Schemas['FeatureHistogram'] }) {
  const bars = barsOf(of.bins, figure);
  const most = Math.max(...bars.flatMap((bar) => [bar.reference, bar.current]), 1e-9);
  const step = width / Math.max(1, bars.length);
  const y = (share: number) => height - (share / most) * (height - 2);
  const line = bars.map((bar, at) => `${at === 0 ? `M0 ${height}` : ''}L${(at * step).toFixed(1)} ${y(bar.reference).toFixed(1)}L${((at + 1) * step).toFixed(1)} ${y(bar.reference).toFixed(1)}`).join('');
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" height={height} preserveAspectRatio="none" role="img" aria-label={`${of.feature}: ${movedWords(bars, percent)}`}>
      {bars.map((bar, at) => (
        <rect key={at} x={at * step + 0.5} width={Math.max(1, step - 1)} y={y(bar.current)} height={height - y(bar.current)} fill="var(--mantine-color-indigo-4)">
          <title>{`${bar.name}: ${percent(bar.reference)} before, ${percent(bar.current)} now`}</title>
        </rect>
      ))}
      <path d={`${line}L${width} ${height}`} fill="none" stroke="var(--mantine-color-orange-7)" strokeWidth={1.6} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
