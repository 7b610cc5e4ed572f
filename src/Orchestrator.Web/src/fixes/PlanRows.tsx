import { Badge, Card, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, number, type Schemas } from '../api/client';
import { percent } from '../api/words';
import { Nothing } from '../app/problems';
import { RowView } from '../datasets/RowView';

const shown = 12;

/** The rows that the plan suspects most, each with its label and the one that is suggested. */
export function PlanRows({ fix }: { fix: string }) {
  const exported = useQuery({ queryKey: ['fix', fix, 'export'], queryFn: () => get<Schemas['FixExport']>(`/api/fixes/${fix}/export`), staleTime: Infinity, retry: false });
  const rows = exported.data?.rows ?? [];
  if (exported.isPending) {
    return <SimpleGrid cols={{ base: 2, sm: 3, md: 4, xl: 6 }} spacing="xs" aria-busy="true">{Array.from({ length: shown }, (_, at) => <Skeleton key={at} h={110} />)}</SimpleGrid>;
  }
  if (rows.length === 0) {
    return <Nothing>The plan names no rows.</Nothing>;
  }
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed">The {Math.min(shown, rows.length)} most suspicious of {rows.length.toLocaleString('en-US')} rows</Text>
      <SimpleGrid cols={{ base: 2, sm: 3, md: 4, xl: 6 }} spacing="xs">
        {rows.slice(0, shown).map((row) => (
          <Card key={row.id} padding="xs">
            <RowView cells={row.cells} />
            <Group gap={4} mt={6} wrap="nowrap">
              <Text size="sm" td={row.suggested && row.suggested !== row.given ? 'line-through' : undefined}>{row.given || '–'}</Text>
              {row.suggested && row.suggested !== row.given && <Text size="sm" fw={600}>→ {row.suggested}</Text>}
              {row.flagged && <Badge color="orange" ml="auto">flagged</Badge>}
            </Group>
            <Text size="xs" c="dimmed">{row.id} · {percent(number(row.score))}</Text>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
