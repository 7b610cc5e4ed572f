import { ActionIcon, Alert, Button, Code, CopyButton, Group, Modal, MultiSelect, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas, send } from '../api/client';
import { telling } from '../app/problems';
import { ofModels, type Wish } from './wishes';

const roles: Schemas['Role'][] = ['viewer', 'labeler', 'pusher', 'approver', 'author', 'admin'];

/** Makes a key: roles for every model, roles for single ones, or both. */
export function IssueDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>(['viewer']);
  const [wishes, setWishes] = useState<Wish[]>([]);
  const [text, setText] = useState<string | null>(null);
  const known = useQuery({ queryKey: ['models'], queryFn: () => get<Schemas['ModelLine'][]>('/api/models'), enabled: opened });
  const issue = () => telling(async () => setText((await send<Schemas['IssuedKey']>('POST', '/api/keys', { name: name.trim(), roles: chosen, models: ofModels(wishes) })).text), 'The key is issued.');
  const close = () => {
    setName('');
    setWishes([]);
    setText(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Issue a key" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {text ? (
        <Stack>
          <Alert color="yellow" title="This is the only time that the key is shown" />
          <Code block>{text}</Code>
          <CopyButton value={text}>{({ copied, copy }) => <Button variant="light" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        </Stack>
      ) : (
        <form onSubmit={(event) => { event.preventDefault(); void issue(); }}>
          <Stack>
            <TextInput label="Who holds it" placeholder="ann@example.org" required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
            <MultiSelect label="Roles for every model" description="With none, only what belongs to the models below is seen." data={roles} value={chosen} onChange={setChosen} />
            <OfModels models={(known.data ?? []).map((line) => line.model)} wishes={wishes} onChange={setWishes} />
            <Button type="submit" disabled={name.trim().length === 0 || (chosen.length === 0 && Object.keys(ofModels(wishes)).length === 0)}>Issue</Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function OfModels({ models, wishes, onChange }: { models: string[]; wishes: Wish[]; onChange: (wishes: Wish[]) => void }) {
  const left = models.filter((model) => !wishes.some((wish) => wish.model === model));
  const change = (at: number, wish: Wish) => onChange(wishes.map((one, index) => (index === at ? wish : one)));
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={500}>Roles for single models</Text>
        <Button size="compact-xs" variant="default" disabled={left.length === 0} onClick={() => onChange([...wishes, { model: left[0]!, roles: ['viewer'] }])}>Add a model</Button>
      </Group>
      {wishes.map((wish, at) => (
        <Group key={wish.model} wrap="nowrap" align="flex-start" gap="xs">
          <NativeSelect w={150} aria-label="Model" data={[wish.model, ...left]} value={wish.model} onChange={(event) => change(at, { ...wish, model: event.currentTarget.value })} />
          <MultiSelect flex={1} aria-label={`Roles for ${wish.model}`} data={roles} value={wish.roles} onChange={(some) => change(at, { ...wish, roles: some })} />
          <ActionIcon variant="subtle" color="red" aria-label={`Without ${wish.model}`} onClick={() => onChange(wishes.filter((_, index) => index !== at))}>×</ActionIcon>
        </Group>
      ))}
    </Stack>
  );
}
