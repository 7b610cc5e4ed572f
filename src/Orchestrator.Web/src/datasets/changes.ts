import type { Schemas } from '../api/client';

/** What a patch did to rows, in words; empty where it did nothing. */
export function changeWords(changes: Schemas['VersionChanges'] | null | undefined): string {
  if (!changes) {
    return '';
  }
  const counts: [number | undefined, string][] = [
    [changes.relabelled, 'relabelled'], [changes.dropped, 'dropped'], [changes.added, 'added'], [changes.quarantined, 'quarantined'], [changes.released, 'released'], [changes.skipped, 'skipped'],
  ];
  return counts.filter(([count]) => (count ?? 0) > 0).map(([count, what]) => `${count!.toLocaleString('en-US')} ${what}`).join(', ');
}

/** What may happen to a row. */
export const kinds: Record<string, { words: string; color: string }> = {
  relabelled: { words: 'relabelled', color: 'indigo' },
  changed: { words: 'changed', color: 'yellow' },
  dropped: { words: 'left out', color: 'red' },
  quarantined: { words: 'kept aside', color: 'orange' },
  added: { words: 'added', color: 'teal' },
  released: { words: 'brought back', color: 'teal' },
};

/** How many rows what happens to, in words, in the order above. */
export function countWords(counts: Record<string, number>): string[] {
  return Object.keys(kinds).filter((kind) => (counts[kind] ?? 0) > 0).map((kind) => `${counts[kind]!.toLocaleString('en-US')} ${kinds[kind]!.words}`);
}
