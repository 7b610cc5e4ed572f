import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ApiProblem, send } from '../api/client';

type Pending = { act: () => Promise<void>; done: (error?: unknown) => void };

/** Runs what needs the key to be shown anew: asks for it where the server says so, and tries again. */
export function useConfirmed() {
  const [pending, setPending] = useState<Pending | null>(null);
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const run = (act: () => Promise<void>): Promise<void> =>
    act().catch((error: unknown) => {
      if (!(error instanceof ApiProblem && error.confirm)) {
        throw error;
      }
      return new Promise<void>((resolve, reject) => setPending({ act, done: (failed) => (failed ? reject(failed) : resolve()) }));
    });

  const confirm = async () => {
    try {
      await send('POST', '/api/session/confirm', { key: key.trim() });
    } catch (error) {
      setProblem((error as ApiProblem).detail);
      return;
    }
    const { act, done } = pending!;
    close();
    await act().then(() => done(), done);
  };

  const close = () => {
    setPending(null);
    setKey('');
    setProblem(null);
  };

  const dialog = (
    <Modal opened={pending !== null} onClose={() => { pending?.done(new ApiProblem(0, 'Nothing was changed.', 'The key was not shown.', false)); close(); }} title="Show your key once more" centered>
      <form onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
        <Stack>
          <Text size="sm">This moves what serves. A session alone does not open it.</Text>
          <PasswordInput label="API key" value={key} error={problem} onChange={(event) => setKey(event.currentTarget.value)} data-autofocus autoComplete="current-password" />
          <Button type="submit" disabled={key.trim().length === 0}>Confirm</Button>
        </Stack>
      </form>
    </Modal>
  );
  return { run, dialog };
}
