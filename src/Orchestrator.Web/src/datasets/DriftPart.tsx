import { Progress } from '@mantine/core';
import { figure } from '../api/words';
import { Lines } from '../app/Lines';
import { Part } from '../app/Page';
import { Answered } from '../app/problems';
import { useSeries } from '../series/useSeries';

/** The features of a dataset by how far they moved from their reference. */
export function DriftPart({ dataset }: { dataset: string }) {
  const drift = useSeries(`max by (feature, variant, reference) (data_feature_drift{dataset=${JSON.stringify(dataset)}})`);
  return (
    <Part title="Drift" aside={drift.data?.[0]?.labels.reference && `against ${drift.data[0].labels.reference}`}>
      <Answered query={drift}>
        {(lines) => {
          const sorted = lines.map((line) => ({ ...line.labels, value: line.points.at(-1)?.[1] ?? NaN }) as { feature?: string; variant?: string; value: number }).sort((left, right) => right.value - left.value);
          const most = Math.max(...sorted.map((line) => line.value), 1e-9);
          return (
            <Lines label="Drift of features" of={sorted} id={(line) => `${line.feature} ${line.variant}`} empty="No drift is measured: the dataset names no reference, or the monitor does not ask for it." height={320} columns={[
              { name: 'Feature', cell: (line) => line.feature ?? '' },
              { name: 'Measure', cell: (line) => <span className="code">{line.variant}</span> },
              { name: 'Value', numeric: true, cell: (line) => figure(line.value) },
              { name: '', width: 160, cell: (line) => <Progress value={(line.value / most) * 100} size="sm" aria-label={`${line.feature}: ${figure(line.value)}`} /> },
            ]} />
          );
        }}
      </Answered>
    </Part>
  );
}
