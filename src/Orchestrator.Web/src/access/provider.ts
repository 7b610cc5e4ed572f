import { useEffect } from 'react';

const channel = 'orchestrator.session';

/** Goes to the provider in a window of its own, so that nothing on this page is lost. */
export function openProvider(query = ''): void {
  window.open(`/api/session/provider?then=/signed-in${query}`, 'orchestrator-sign-in', 'popup,width=520,height=680');
}

/** Said by the window once somebody came back to it; every page of the browser hears it. */
export function tellSignedIn(): void {
  const told = new BroadcastChannel(channel);
  told.postMessage('signed-in');
  told.close();
}

export function useSignedInElsewhere(heard: () => void): void {
  useEffect(() => {
    const told = new BroadcastChannel(channel);
    told.onmessage = heard;
    return () => told.close();
  }, [heard]);
}

const outcomes: Record<string, { title: string; next: string }> = {
  failed: { title: 'The sign-in did not come to its end.', next: 'Begin anew; if it happens again, the server\'s log says why.' },
  denied: { title: 'You were not signed in at the provider.', next: 'Sign in there, or in another way.' },
  stranger: { title: 'The provider knows you, but nobody gave you a role here.', next: 'Ask an admin to name you or one of your groups in the operator\'s file.' },
  nameless: { title: 'The provider did not say who you are.', next: 'It has to give a verified e-mail address, or what name_claim of the operator\'s file names.' },
  unconfirmed: { title: 'This did not confirm who you are.', next: 'Sign in at the provider as the person whose session this is.' },
};

/** How a way to the provider ended that led to no session; null where it led to one. */
export function outcomeOf(search: string): { title: string; next: string } | null {
  const outcome = new URLSearchParams(search).get('outcome');
  return outcome === null ? null : (outcomes[outcome] ?? outcomes.failed!);
}
