import { Anchor, Card, Grid, Group, Stack, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay, useSeesAll } from '../access/session';
import { get, type Schemas } from '../api/client';
import { ago, instant, plural } from '../api/words';
import { AuditLines } from '../audit/AuditLines';
import { Page, Part } from '../app/Page';
import { Answered, Nothing } from '../app/problems';
import { useStanding } from '../app/Shell';
import { State } from '../app/State';
import { ModelLines } from '../models/ModelLines';

/** What is wrong, what waits for the reader, how the models are, and what the system did. */
export function OverviewPage() {
  const standing = useStanding();
  const seesAll = useSeesAll();
  return (
    <Page title="Overview" lead={standing.data && <>As of {instant(standing.data.now)} UTC</>}>
      <Answered query={standing}>{(data) => <Tiles standing={data} />}</Answered>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}><Stack gap="md"><Waiting /><Part title="Models"><ModelLines /></Part></Stack></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}><Stack gap="md"><OpenFindings />{seesAll && <Part title="What the system did" aside={<Anchor component={Link} to="/audit" size="xs">All of it</Anchor>}><AuditLines limit={12} /></Part>}</Stack></Grid.Col>
      </Grid>
    </Page>
  );
}

function Tiles({ standing }: { standing: Schemas['Standing'] }) {
  const tiles = [
    { to: '/findings', name: 'Open findings', count: standing.open_findings, hint: 'Rules that hold and are not resolved' },
    { to: '/fixes', name: 'Fixes waiting', count: standing.fixes_waiting, hint: 'Plans that wait for a person\'s word' },
    { to: '/labels', name: 'Rows to label', count: standing.open_label_tasks, hint: 'Open tasks of all label queues' },
    { to: '/workflows', name: 'Parked work', count: standing.parked_work, hint: 'Work that failed too often, or whose outcome is in doubt' },
  ] as const;
  return (
    <Grid gap="md">
      {tiles.map((tile) => (
        <Grid.Col key={tile.to} span={{ base: 6, md: 3 }}>
          <Tooltip label={tile.hint}>
            <Card component={Link} to={tile.to} padding="sm" className="plain">
              <Text size="xs" c="dimmed">{tile.name}</Text>
              <Text size="xl" fw={600} c={tile.count > 0 ? undefined : 'dimmed'}>{tile.count.toLocaleString('en-US')}</Text>
            </Card>
          </Tooltip>
        </Grid.Col>
      ))}
    </Grid>
  );
}

function Waiting() {
  const may = useMay();
  const standing = useStanding().data;
  const fixes = useQuery({ queryKey: ['fixes', 'open'], queryFn: () => get<Schemas['FixLine'][]>('/api/fixes?open=true') });
  const queues = useQuery({ queryKey: ['queues'], queryFn: () => get<Schemas['LabelQueue'][]>('/api/labels/queues') });
  return (
    <Part title="Waiting for you">
      <Answered query={fixes}>
        {(lines) => {
          const proposed = may('approver') ? lines.filter((fix) => fix.state === 'proposed') : [];
          const open = may('labeler') ? (queues.data ?? []).filter((queue) => queue.state === 'open' && (queue.open ?? 0) > 0) : [];
          const others = lines.filter((fix) => !proposed.includes(fix));
          return (
            <Stack gap={6}>
              {proposed.map((fix) => (
                <Group key={fix.id} gap="sm" justify="space-between">
                  <span><Anchor component={Link} to={`/fixes/${fix.id}`} fw={600}>{fix.rule}</Anchor> <Text span size="sm">proposes {fix.workflow} for {fix.model ?? 'the data'}</Text></span>
                  <Text size="xs" c="dimmed">expires {standing ? ago(fix.deadline, standing.now) : ''}</Text>
                </Group>
              ))}
              {open.map((queue) => (
                <Group key={queue.id} justify="space-between">
                  <span><Anchor component={Link} to={`/labels/${queue.id}`} fw={600}>{plural(queue.open ?? 0, 'row')}</Anchor> <Text span size="sm">of {queue.dataset} to label</Text></span>
                  <Text size="xs" c="dimmed">until {instant(queue.deadline)}</Text>
                </Group>
              ))}
              {proposed.length + open.length === 0 && <Nothing>Nothing waits for you.</Nothing>}
              {others.map((fix) => (
                <Group key={fix.id} justify="space-between">
                  <span><Anchor component={Link} to={`/fixes/${fix.id}`}>{fix.rule}</Anchor> <Text span size="sm" c="dimmed">{fix.workflow}, {fix.model}</Text></span>
                  <State of={fix.state} />
                </Group>
              ))}
            </Stack>
          );
        }}
      </Answered>
    </Part>
  );
}

function OpenFindings() {
  const findings = useQuery({ queryKey: ['findings', 'open'], queryFn: () => get<Schemas['Finding'][]>('/api/findings?open=true&limit=20') });
  return (
    <Part title="Open findings">
      <Answered query={findings}>
        {(lines) => lines.length === 0 ? <Nothing>No rule holds.</Nothing> : (
          <Stack gap={8}>
            {lines.map((finding) => (
              <div key={finding.id}>
                <Anchor component={Link} to={`/findings/${finding.id}`} fw={600}>{finding.rule}</Anchor> <Text span size="xs" c="dimmed">since {instant(finding.opened_at)}</Text>
                <Text size="sm">{finding.summary || finding.rule}</Text>
              </div>
            ))}
          </Stack>
        )}
      </Answered>
    </Part>
  );
}
