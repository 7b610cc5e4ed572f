import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useCallback, useRef, useState } from 'react';
import { ApiProblem, send } from '../api/client';
import { openProvider, useSignedInElsewhere } from './provider';
import { useSession } from './session';

type Pending = { act: () => Promise<void>; done: (error?: unknown) => void };

/** Runs what needs the person to show anew who he is: asks for it where the server says so, and tries again. */
export function useConfirmed() {
  const [pending, setPending] = useState<Pending | null>(null);
  const session = useSession();
  const isKey = session.way === 'key';
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const run = (act: () => Promise<void>): Promise<void> =>
    act().catch((error: unknown) => {
      if (!(error instanceof ApiProblem && error.confirm)) {
        throw error;
      }
      return new Promise<void>((resolve, reject) => setPending({ act, done: (failed) => (failed ? reject(failed) : resolve()) }));
    });

  const confirm = async () => {
    if (!pending) {
      return;
    }
    try {
      if (session.way !== 'provider') await send('POST', '/api/session/confirm', isKey ? { key: secret.trim() } : { name: session.name, password: secret });
    } catch (error) {
      setProblem((error as ApiProblem).detail);
      return;
    }
    const { act, done } = pending;
    close();
    await act().then(() => done(), done);
  };

  const close = () => {
    setPending(null);
    setSecret('');
    setProblem(null);
  };

  // Whoever came back from the provider is confirmed there, or the act says once more that he is not.
  const latest = useRef(confirm);
  latest.current = confirm;
  const confirmed = useCallback(() => void latest.current(), []);
  useSignedInElsewhere(confirmed);

  const dialog = (
    <Modal opened={pending !== null} onClose={() => { pending?.done(new ApiProblem(0, 'Nothing was changed.', 'You did not show who you are.', false)); close(); }} title="Show once more who you are" centered>
      <form onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
        <Stack>
          <Text size="sm">This moves what serves. A session alone does not open it.</Text>
          {session.way === 'provider' ? <Button onClick={() => openProvider('&confirm=true')}>Sign in at the provider again</Button> : <>
            <PasswordInput label={isKey ? 'API key' : `Password of ${session.name}`} value={secret} error={problem} onChange={(event) => setSecret(event.currentTarget.value)} data-autofocus autoComplete="current-password" />
            <Button type="submit" disabled={secret.trim().length === 0}>Confirm</Button>
          </>}
        </Stack>
      </form>
    </Modal>
  );
  return { run, dialog };
}
