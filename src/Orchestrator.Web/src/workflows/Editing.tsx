import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/session';
import { get, type Schemas, send } from '../api/client';
import { telling } from '../app/problems';

/** Who is changing a definition in the designer; a question that is asked again whenever something is written. */
export const useEditing = (path: string) => useQuery({ queryKey: ['edit', path], queryFn: () => get<Schemas['EditLine']>(`${path}/edit`) });

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

type Props = { path: string; begin: string; hint: string; allowed: boolean };

/** Begins a change in the designer, or gives it up; one person at a time. */
export function Editing({ path, begin, hint, allowed }: Props) {
  const may = useMay();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const edit = useEditing(path).data;
  const act = async (method: string, done: string) => {
    setBusy(true);
    await telling(() => send(method, `${path}/edit`), done);
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ['edit', path] });
  };
  if (!edit || (!allowed && !edit.holder)) {
    return null;
  }
  if (edit.is_yours) {
    return (
      <Alert color="indigo" title="You are changing it" mb="sm">
        <Group justify="space-between">
          <Text size="sm">{hint}</Text>
          <Button size="compact-sm" variant="default" loading={busy} onClick={() => act('DELETE', 'Your change is given up.')}>Give the change up</Button>
        </Group>
      </Alert>
    );
  }
  if (edit.holder) {
    return <Alert color="yellow" title={`${edit.holder} is changing it`} mb="sm">You see it as it was before. The change is open until {edit.until ? clock.format(new Date(edit.until)) : '?'} UTC, or longer if something is saved.</Alert>;
  }
  return may('author') ? <Group mb="sm"><Button size="compact-sm" variant="light" loading={busy} onClick={() => act('POST', 'You see a draft of your own now; every change of it is kept.')}>{begin}</Button></Group> : null;
}
