import { Badge } from '@mantine/core';

const colours: Record<string, string> = {
  open: 'orange', firing: 'red', pending: 'yellow', resolved: 'teal', warning: 'yellow', critical: 'red',
  preparing: 'gray', proposed: 'indigo', approved: 'blue', running: 'blue', verifying: 'cyan', compensating: 'orange', succeeded: 'teal',
  failed: 'red', compensated: 'orange', rejected: 'gray', expired: 'gray', superseded: 'gray', parked: 'red', cancelled: 'gray',
  finished: 'teal', faulted: 'red', suspended: 'yellow', closed: 'gray', answered: 'teal', skipped: 'gray', confirmed: 'teal', told: 'teal', waiting: 'yellow', telling: 'gray',
};

/** A state as a word with its colour. */
export function State({ of }: { of: string }) {
  const word = of.toLowerCase();
  return <Badge color={colours[word] ?? 'gray'} variant="dot" size="md" fw={450} style={{ borderColor: 'transparent', paddingInline: 0, background: 'none' }}>{word}</Badge>;
}
