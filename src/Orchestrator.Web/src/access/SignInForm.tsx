import { Alert, Button, Divider, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem, get, type Schemas, send } from '../api/client';
import { openProvider } from './provider';

export const useWays = () => useQuery({ queryKey: ['session', 'ways'], queryFn: () => get<Schemas['SignInWays']>('/api/session/ways'), staleTime: Infinity });

/** Asks for what the server takes: the provider's word, a name with its password, or a key. */
export function SignInForm({ onSignedIn, inWindow = false }: { onSignedIn: () => void; inWindow?: boolean }) {
  const ways = useWays().data;
  const [chosen, setChosen] = useState<'password' | 'key' | null>(null);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const way = chosen ?? (ways?.password ? 'password' : 'key');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await send('POST', '/api/session', way === 'key' ? { key: secret.trim() } : { name: name.trim(), password: secret });
      onSignedIn();
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  const choose = (wish: string) => {
    setChosen(wish as 'password' | 'key');
    setSecret('');
    setProblem(null);
  };
  const goToProvider = () => {
    const here = window.location.pathname === '/signed-in' ? '/' : window.location.pathname + window.location.search;
    if (inWindow) {
      openProvider();
    } else {
      window.location.assign(`/api/session/provider?then=${encodeURIComponent(here)}`);
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {ways?.provider && <><Button variant="default" onClick={goToProvider}>Sign in with {ways.provider}</Button><Divider label="or" /></>}
        {ways?.password && <SegmentedControl fullWidth value={way} onChange={choose} aria-label="How to sign in" data={[{ value: 'password', label: 'Password' }, { value: 'key', label: 'API key' }]} />}
        {way === 'password' && <TextInput label="Name" placeholder="ann@example.org" value={name} onChange={(event) => setName(event.currentTarget.value)} autoFocus autoComplete="username" />}
        {way === 'password'
          ? <PasswordInput key="password" label="Password" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} autoComplete="current-password" />
          : <PasswordInput key="key" label="API key" placeholder="orc_…" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} autoFocus autoComplete="current-password" />}
        {problem && <Alert color="red" role="alert" title={problem.detail}>{problem.next}</Alert>}
        <Button type="submit" disabled={secret.trim().length === 0 || (way === 'password' && name.trim().length === 0)}>Sign in</Button>
      </Stack>
    </form>
  );
}
