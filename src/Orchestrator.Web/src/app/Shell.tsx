import { ActionIcon, AppShell, Badge, Burger, Group, NavLink, ScrollArea, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { rolesInWords, useSeesAll, useSession } from '../access/session';
import { get, type Schemas, send } from '../api/client';
import { useLive } from '../api/live';
import { instant } from '../api/words';
import { Mark, type MarkName } from './Mark';

export const useStanding = () => useQuery({ queryKey: ['status'], queryFn: () => get<Schemas['Standing']>('/api/status') });

const entries: { to: string; label: string; mark: MarkName; whole?: boolean; count?: (standing: Schemas['Standing']) => number }[] = [
  { to: '/', label: 'Overview', mark: 'home' },
  { to: '/findings', label: 'Findings', mark: 'finding', count: (standing) => standing.open_findings },
  { to: '/fixes', label: 'Fixes', mark: 'fix', count: (standing) => standing.fixes_waiting },
  { to: '/labels', label: 'Labels', mark: 'label', count: (standing) => standing.open_label_tasks },
  { to: '/datasets', label: 'Data', mark: 'data' },
  { to: '/models', label: 'Models', mark: 'model' },
  { to: '/rules', label: 'Rules', mark: 'rule' },
  { to: '/workflows', label: 'Workflows', mark: 'workflow', count: (standing) => standing.parked_work },
  { to: '/audit', label: 'Audit', mark: 'audit', whole: true },
  { to: '/settings', label: 'Settings', mark: 'settings' },
];

/** The frame of every page: where one can go, what waits there, who is signed in, whether the server is heard. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const standing = useStanding().data;
  const heard = useLive();
  const seesAll = useSeesAll();
  useEffect(() => {
    close();
    const entry = entries.findLast((one) => (one.to === '/' ? path === '/' : path.startsWith(one.to)));
    document.title = entry ? `${entry.label} · Orchestrator` : 'Orchestrator';
  }, [path, close]);

  return (
    <AppShell header={{ height: 48 }} navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
      <a className="skip" href="#content">Skip to content</a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <img src="/icon.svg" width={22} height={22} alt="" />
            <Text fw={600} component={Link} to="/" className="plain" c="inherit">Orchestrator</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {!heard && <Tooltip label="This page goes on by itself as soon as the server answers."><Badge color="red">not connected</Badge></Tooltip>}
            {standing?.kill_switch && <Badge color="red" variant="filled">kill switch on</Badge>}
            {standing && <Tooltip label="The clock that rules and monitors go by (UTC)"><Text size="xs" c="dimmed" visibleFrom="sm">{instant(standing.now)} UTC</Text></Tooltip>}
            <SchemeToggle />
            <Person />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea>
          {entries.filter((entry) => seesAll || !entry.whole).map((entry) => {
            const count = standing && entry.count ? entry.count(standing) : 0;
            return (
              <NavLink key={entry.to} component={Link} to={entry.to} label={entry.label} leftSection={<Mark name={entry.mark} />} styles={{ root: { borderRadius: 8 } }}
                active={entry.to === '/' ? path === '/' : path.startsWith(entry.to)} rightSection={count > 0 ? <Badge variant="filled" circle={count < 10}>{count > 999 ? '999+' : count}</Badge> : null} />
            );
          })}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(other)} aria-label={`Switch to ${other} colours`}>
      <Mark name={scheme === 'dark' ? 'sun' : 'moon'} />
    </ActionIcon>
  );
}

function Person() {
  const session = useSession();
  const leave = async () => {
    const ended = await send<Schemas['SignedOut']>('DELETE', '/api/session').catch(() => undefined);
    window.location.assign(ended?.provider ?? '/');
  };
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label={`Roles: ${rolesInWords(session)}`}><Text size="sm" maw={{ base: 92, xs: 180 }} truncate>{session.name}</Text></Tooltip>
      <ActionIcon variant="subtle" color="gray" onClick={leave} aria-label="Sign out"><Mark name="leave" /></ActionIcon>
    </Group>
  );
}
