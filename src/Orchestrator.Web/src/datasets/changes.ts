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
