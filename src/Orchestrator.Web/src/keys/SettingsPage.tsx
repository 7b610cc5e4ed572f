import { Badge, Button, Group, Switch, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { rolesInWords, useSession } from '../access/session';
import { get, type Schemas, send } from '../api/client';
import { instant } from '../api/words';
import { Facts } from '../app/Facts';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered, telling } from '../app/problems';
import { useStanding } from '../app/Shell';
import { IssueDialog } from './IssueDialog';

/** Keys and their roles, the kill switch, and what the server says of itself. */
export function SettingsPage() {
  const session = useSession();
  const isAdmin = session.roles.includes('admin');
  const standing = useStanding();
  return (
    <Page title="Settings">
      <Part title="Server">
        <Answered query={standing}>
          {(data) => <Facts of={[['Version', data.version], ['Messages', data.bus ? `${data.bus.transport}${data.bus.reached ? '' : ', not reached: work goes on without it'}` : 'this server only answers'], ['Signed in', `${session.name}: ${rolesInWords(session)}`]]} />}
        </Answered>
      </Part>
      <KillSwitch on={standing.data?.kill_switch ?? false} may={isAdmin} />
      {isAdmin && <Keys />}
    </Page>
  );
}

function KillSwitch({ on, may }: { on: boolean; may: boolean }) {
  const queries = useQueryClient();
  const set = async (wish: boolean) => {
    await telling(() => send('PUT', '/api/kill-switch', { on: wish }), wish ? 'No fix is opened or started any more.' : 'Fixes are opened and started again.');
    await queries.invalidateQueries();
  };
  return (
    <Part title="Kill switch">
      <Switch label={on ? 'On: no fix is opened or started; what runs goes on to its end' : 'Off: fixes are opened and started as rules say'} color="red" checked={on} disabled={!may} onChange={(event) => void set(event.currentTarget.checked)} />
    </Part>
  );
}

function Keys() {
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => get<Schemas['ApiKey'][]>('/api/keys') });
  const [open, setOpen] = useState(false);
  const revoke = async (key: Schemas['ApiKey']) => {
    if (window.confirm(`End the key of ${key.name}? Whoever holds it is signed out.`)) {
      await telling(() => send('DELETE', `/api/keys/${key.id}`), `The key of ${key.name} has ended.`);
      await queries.invalidateQueries();
    }
  };
  return (
    <Part title="API keys" aside={<Button size="compact-xs" onClick={() => setOpen(true)}>Issue a key</Button>}>
      <Answered query={keys}>
        {(lines) => (
          <Lines label="Keys" of={lines} id={(key) => key.id} empty="" columns={[
            { name: 'Holder', cell: (key) => <b>{key.name}</b> },
            { name: 'Roles', cell: (key) => <Group gap={4}>{key.roles.map((role) => <Badge key={role} color={role === 'admin' ? 'red' : 'gray'}>{role}</Badge>)}{Object.entries(key.models ?? {}).map(([model, some]) => <Badge key={model} color="indigo" variant="outline">{model}: {some.join(', ')}</Badge>)}</Group> },
            { name: 'Issued by', cell: (key) => key.created_by },
            { name: 'Issued (UTC)', cell: (key) => instant(key.created_at) },
            { name: '', cell: (key) => (key.revoked_at ? <Text size="xs" c="dimmed">ended {instant(key.revoked_at)}</Text> : <Button size="compact-xs" color="red" variant="subtle" onClick={() => revoke(key)}>End</Button>) },
          ]} />
        )}
      </Answered>
      <IssueDialog opened={open} onClose={() => { setOpen(false); void queries.invalidateQueries({ queryKey: ['keys'] }); }} />
    </Part>
  );
}
