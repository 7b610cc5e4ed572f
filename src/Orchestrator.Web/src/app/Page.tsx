import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** One page: what it is, what can be done, and its parts. */
export function Page({ title, lead, actions, children }: { title: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="md" maw={1500}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1}>{title}</Title>
          {lead && <Text c="dimmed" size="sm" component="div">{lead}</Text>}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function Part({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <Card component="section">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2}>{title}</Title>
        {aside && <Text c="dimmed" size="xs" component="div">{aside}</Text>}
      </Group>
      {children}
    </Card>
  );
}
