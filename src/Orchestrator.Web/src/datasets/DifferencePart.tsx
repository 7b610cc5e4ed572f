import { Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { Part } from '../app/Page';
import { Nothing } from '../app/problems';
import { ChangedRows } from './ChangedRows';

/** What became of rows between two versions that the reader chooses: at first the current one and the one before it. */
export function DifferencePart({ shown }: { shown: Schemas['DatasetShown'] }) {
  const last = shown.history.at(-1);
  const [to, setTo] = useState(shown.current ?? '');
  const [from, setFrom] = useState(last?.to === shown.current ? (last?.from ?? '') : (shown.versions.find((version) => version.id !== shown.current)?.id ?? ''));
  if (shown.versions.length < 2) {
    return <Part title="Difference"><Nothing>There is nothing to compare: the dataset has fewer than two versions.</Nothing></Part>;
  }
  const choices = [{ value: '', label: 'Choose', disabled: true }, ...shown.versions.map((one) => ({ value: one.id, label: `#${one.number}${one.id === shown.current ? ', current' : ''}` }))];
  return (
    <Part title="Difference" aside={(
      <Group gap="xs">
        <NativeSelect size="xs" aria-label="Version before" data={choices} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        →
        <NativeSelect size="xs" aria-label="Version after" data={choices} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
    )}>
      {from && to ? <ChangedRows key={`${from} ${to}`} id={['dataset', shown.dataset, 'difference', from, to]} none="" path={`/api/datasets/${encodeURIComponent(shown.dataset)}/difference?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`} /> : <Nothing>Choose two versions.</Nothing>}
    </Part>
  );
}
