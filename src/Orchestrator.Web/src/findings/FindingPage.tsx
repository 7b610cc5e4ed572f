import { Alert, Anchor, Button, Grid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMay } from '../access/session';
import { get, type Labels, number, type Schemas, send } from '../api/client';
import { figure, instant } from '../api/words';
import { Facts } from '../app/Facts';
import { Lines } from '../app/Lines';
import { Page, Part } from '../app/Page';
import { Answered, telling } from '../app/problems';
import { State } from '../app/State';
import { RuleChart } from '../rules/RuleChart';

/** One finding: what held, over time, and the fixes that were proposed for it. */
export function FindingPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const shown = useQuery({ queryKey: ['finding', id], queryFn: () => get<Schemas['FindingShown']>(`/api/findings/${id}`) });
  return <Answered query={shown}>{(data) => <Shown finding={data.finding} fixes={data.fixes} />}</Answered>;
}

function Shown({ finding, fixes }: { finding: Schemas['Finding']; fixes: Schemas['FixLine'][] }) {
  const may = useMay();
  const navigate = useNavigate();
  const reset = () => telling(() => send('POST', `/api/findings/${finding.id}/reset`), 'Fixes are tried again when the rule holds the next time.');
  return (
    <Page title={finding.rule} lead={finding.summary} actions={<><State of={finding.state ?? 'open'} />{may('approver') && finding.state !== 'resolved' && <Button variant="default" onClick={reset}>Try fixes again</Button>}</>}>
      {finding.held && <Alert color="yellow" title="No fix is opened at present">{finding.held}</Alert>}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}><Part title="What held"><RuleChart rule={finding.rule} labels={finding.labels as Labels} from={finding.opened_at} to={finding.resolved_at ?? null} /></Part></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Part title="Facts">
            <Facts of={[
              ['Value', figure(number(finding.value))],
              ['Opened', `${instant(finding.opened_at)} UTC`],
              finding.resolved_at ? ['Resolved', `${instant(finding.resolved_at)} UTC`] : null,
              finding.resolution ? ['Because', finding.resolution] : null,
              finding.severity ? ['Severity', finding.severity] : null,
              finding.owner ? ['Owner', finding.owner] : null,
              ...Object.entries(finding.labels as Labels).filter(([name]) => name !== 'alertname' && name !== 'severity').map(([name, value]) => [name, <span className="code" key={name}>{value}</span>] as const),
            ]} />
          </Part>
        </Grid.Col>
      </Grid>
      <Part title="Fixes">
        <Stack>
          <Lines label="Fixes of this finding" of={fixes} id={(fix) => fix.id} empty="No fix was proposed." onOpen={(fix) => void navigate({ to: '/fixes/$id', params: { id: fix.id } })} columns={[
            { name: 'Fix', cell: (fix) => <Anchor component={Link} to={`/fixes/${fix.id}`}>{fix.id}</Anchor> },
            { name: 'State', cell: (fix) => <State of={fix.state} /> },
            { name: 'Workflow', cell: (fix) => fix.workflow },
            { name: 'Approved by', cell: (fix) => fix.approved_by ?? '' },
            { name: 'Outcome', cell: (fix) => fix.reason ?? '' },
            { name: 'Ended (UTC)', cell: (fix) => instant(fix.ended_at) },
          ]} />
        </Stack>
      </Part>
    </Page>
  );
}
