import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Card, Center, Code, Loader, Modal, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { ApiProblem, get, onSignedOut, type Schemas } from '../api/client';
import { outcomeOf, useSignedInElsewhere } from './provider';
import { SessionContext } from './session';
import { SignInForm } from './SignInForm';

// Well before a session that nobody uses ends; also what a page with the designer in it lives by.
const renewEvery = 5 * 60_000;

/** Shows the pages to whoever is signed in. A session that ends in the middle of something is opened anew on top of it. */
export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: async () => (await get<Schemas['SignedIn'] | undefined>('/api/session')) ?? null,
    refetchInterval: renewEvery,
    staleTime: Infinity,
  });
  useEffect(() => onSignedOut(() => setEnded(true)), []);
  // What was signed in before stays on the page; only the answer tells that the session has ended.
  const [person, setPerson] = useState(session.data ?? null);
  useEffect(() => {
    if (session.data) {
      setPerson(session.data);
      setEnded(false);
    } else if (session.data === null) {
      setEnded(true);
    }
  }, [session.data]);
  const signedIn = useCallback(() => {
    void queries.invalidateQueries();
  }, [queries]);
  useSignedInElsewhere(signedIn);

  if (person) {
    return (
      <SessionContext value={person}>
        {children}
        <Modal opened={ended} onClose={() => undefined} withCloseButton={false} title="Your session has ended" centered>
          <Text size="sm" mb="sm">Nothing on this page is lost. Sign in again to go on.</Text>
          <SignInForm onSignedIn={signedIn} inWindow />
        </Modal>
      </SessionContext>
    );
  }
  return session.isPending || session.data ? <Center h="100vh"><Loader aria-label="Loading" /></Center> : <Welcome problem={session.error} onSignedIn={signedIn} />;
}

function Welcome({ problem, onSignedIn }: { problem: Error | null; onSignedIn: () => void }) {
  const outcome = outcomeOf(window.location.search);
  return (
    <Center h="100vh" p="md" component="main">
      <Card w={420} shadow="sm" padding="xl">
        <Stack>
          <div>
            <Title order={1}>Orchestrator</Title>
            <Text c="dimmed" size="sm">Keeps machine-learning models good by keeping their data good.</Text>
          </div>
          {problem instanceof ApiProblem && <Alert color="red" title={problem.detail}>{problem.next}</Alert>}
          {outcome && <Alert color="red" role="alert" title={outcome.title}>{outcome.next}</Alert>}
          <SignInForm onSignedIn={onSignedIn} />
          <Text c="dimmed" size="xs">
            The first admin key is in the file <Code>admin.key</Code> of the workspace; <Code>orchestrator keys issue</Code> makes others.
          </Text>
        </Stack>
      </Card>
    </Center>
  );
}
