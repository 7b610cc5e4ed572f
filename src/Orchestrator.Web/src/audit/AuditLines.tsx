import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { instant } from '../api/words';
import { Answered, Nothing } from '../app/problems';

export const useAudit = (limit: number) => useQuery({ queryKey: ['audit', limit], queryFn: () => get<Schemas['AuditEntry'][]>(`/api/audit?limit=${limit}`) });

/** An action's name as words. */
export function actionWords(action: string): string {
  return action.replaceAll('.', ' ').replaceAll('_', ' ');
}

/** The last decisions; that somebody came or went is none. */
export function AuditLines({ limit }: { limit: number }) {
  const all = useAudit(limit * 5);
  return (
    <Answered query={{ ...all, data: all.data?.filter((entry) => !entry.action.startsWith('session.')).slice(0, limit) } as typeof all}>
      {(entries) => entries.length === 0 ? <Nothing>Nothing yet.</Nothing> : (
        <Stack gap={4}>
          {entries.map((entry) => (
            <Group key={entry.sequence} gap="xs" wrap="nowrap" align="baseline">
              <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>{instant(entry.at)}</Text>
              <Text size="sm" truncate><b>{entry.actor}</b> {actionWords(entry.action)} <Text span c="dimmed" size="sm">{entry.subject}</Text></Text>
            </Group>
          ))}
        </Stack>
      )}
    </Answered>
  );
}
