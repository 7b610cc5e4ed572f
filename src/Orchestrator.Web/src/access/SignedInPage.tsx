import { Alert, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Page } from '../app/Page';
import { outcomeOf, tellSignedIn } from './provider';
import { useSession } from './session';

/** Where people come back to from the provider: tells the page that they left from, and closes itself. */
export function SignedInPage() {
  const session = useSession();
  const outcome = outcomeOf(window.location.search);
  const failed = outcome !== null;
  useEffect(() => {
    if (!failed) {
      tellSignedIn();
      window.close();
    }
  }, [failed]);
  return (
    <Page title={failed ? 'Not confirmed' : 'You are signed in'}>
      {outcome && <Alert color="red" role="alert" title={outcome.title}>{outcome.next}</Alert>}
      <Text size="sm">You are {session.name}. This window can be closed, or <Link to="/">go on here</Link>.</Text>
    </Page>
  );
}
