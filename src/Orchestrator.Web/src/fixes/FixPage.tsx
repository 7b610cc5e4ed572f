import { Alert, Anchor, Grid, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useParams } from '@tanstack/react-router';
import { get, type Labels, type Schemas } from '../api/client';
import { instant, span } from '../api/words';
import { Facts } from '../app/Facts';
import { Page, Part } from '../app/Page';
import { Answered, Nothing } from '../app/problems';
import { State } from '../app/State';
import { RuleChart } from '../rules/RuleChart';
import { Editing, useEditing } from '../workflows/Editing';
import { Studio } from '../workflows/Studio';
import { Decision } from './Decision';
import { Effect } from './Effect';
import { History } from './History';
import { PlanChanges } from './PlanChanges';
import { EvidenceNumbers, Segment } from './PlanParts';
import { PlanPatch } from './PlanPatch';
import { PlanRows } from './PlanRows';

/** One fix: what is wrong, where, what is proposed, how it is undone, and a person's word on it. */
export function FixPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const shown = useQuery({ queryKey: ['fix', id], queryFn: () => get<Schemas['FixShown']>(`/api/fixes/${id}`) });
  return <Answered query={shown} lines={12}>{(data) => <Shown shown={data} />}</Answered>;
}

function Shown({ shown }: { shown: Schemas['FixShown'] }) {
  const { fix, held } = shown;
  const finding = useQuery({ queryKey: ['finding', fix.finding_id], queryFn: () => get<Schemas['FindingShown']>(`/api/findings/${fix.finding_id}`) });
  const found = finding.data?.finding;
  return (
    <Page title={<>{fix.rule} <State of={fix.state} /></>} lead={<>{found?.summary} <Anchor component={Link} to={`/findings/${fix.finding_id}`} size="sm" underline="always">finding {fix.finding_id}</Anchor></>}>
      {held && <Alert color="yellow" title="Approved, and not started yet">{held}</Alert>}
      {fix.reason && !fix.is_open && <Alert color={fix.state === 'succeeded' ? 'teal' : 'gray'} title={`The fix ${fix.state}`}>{fix.reason}</Alert>}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <Part title="What is wrong">
              {found ? <RuleChart rule={fix.rule} labels={found.labels as Labels} from={found.opened_at} to={found.resolved_at ?? null} /> : <Nothing>…</Nothing>}
            </Part>
            {fix.plan && <Where fix={fix} plan={fix.plan} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <PlanChanges fix={fix} history={shown.history} />
            <Decision fix={fix} />
            {fix.plan && <Effect plan={fix.plan} fix={fix} />}
            <Part title="Terms">
              <Facts of={[
                ['Workflow', fix.terms.workflow],
                ['Model', fix.model ?? '–'],
                ['Approved by', fix.approved_by ?? (fix.terms.auto_approve ? 'runs by itself' : `one of ${fix.terms.approvers.join(', ') || 'those who approve'}`)],
                ['Verified by', fix.terms.verification ? <span className="code">{fix.terms.verification.expression}</span> : 'nothing'],
                fix.terms.verification ? ['Within', `${span(fix.terms.verification.within)}, on ${fix.terms.verification.min_rows} rows or more; otherwise ${fix.terms.verification.otherwise}`] : null,
                fix.plan ? ['Undone by', fix.plan.undo] : null,
                fix.deadline ? ['Expires', `${instant(fix.deadline)} UTC`] : null,
              ]} />
            </Part>
            <Part title="History"><History entries={shown.history} work={shown.work} /></Part>
          </Stack>
        </Grid.Col>
      </Grid>
      {fix.plan && <PlanPatch fix={fix} plan={fix.plan} />}
      {fix.plan && <Proposed fix={fix} plan={fix.plan} />}
    </Page>
  );
}

function Where({ fix, plan }: { fix: Schemas['Fix']; plan: Schemas['FixPlan'] }) {
  return (
    <Part title="Where">
      <Stack gap="sm">
        <Segment segment={plan.evidence.segment} />
        <PlanRows fix={fix.id} />
        <EvidenceNumbers numbers={plan.evidence.numbers} />
      </Stack>
    </Part>
  );
}

function Proposed({ fix, plan }: { fix: Schemas['Fix']; plan: Schemas['FixPlan'] }) {
  return (
    <Part title="What is proposed" aside={`plan ${fix.plan_number}, ${plan.sha256?.slice(0, 12)}`}>
      <Facts of={[
        ...Object.entries(plan.inputs as Record<string, unknown>).map(([name, value]) => [name, <span className="code" key={name}>{String(value)}</span>] as const),
        ['May change', plan.limits.operations.length > 0 ? `${plan.limits.operations.join(', ')} rows of ${plan.limits.dataset}: ${plan.limits.candidate_rows} candidates${plan.limits.label_budget ? `, ${plan.limits.label_budget} labels at most` : ''}` : 'no rows'],
        ...Object.entries(plan.evidence.base_versions).map(([dataset, version]) => [`Made from ${dataset}`, <span className="code" key={dataset}>{version.slice(0, 12)}</span>] as const),
      ]} />
      <Canvas fix={fix} />
    </Part>
  );
}

/** The plan, or its run, in the designer. The frame is loaded anew when another draft or another plan is to be seen. */
function Canvas({ fix }: { fix: Schemas['Fix'] }) {
  const path = `/api/fixes/${fix.id}`;
  const draft = useEditing(path).data?.is_yours;
  const run = fix.instance_id;
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  if (!isWide) {
    return <Text size="sm" mt="sm">The workflow needs a wider window: <Anchor href={run ? `/studio/instances/${run}` : `/studio/definitions/fix-${fix.id}`} target="_blank" size="sm" underline="always">open it in one of its own</Anchor>.</Text>;
  }
  return (
    <Tabs key={run} defaultValue={run ? 'run' : 'workflow'} mt="md" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="workflow">Workflow</Tabs.Tab>
        {run && <Tabs.Tab value="run">Run</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="workflow" pt="sm">
        <Editing path={path} begin="Change the plan" allowed={fix.state === 'proposed'}
          hint={`Choose an activity and change its inputs. Publish, the cloud above the canvas, submits your draft as plan ${(fix.plan_number ?? 0) + 1}; somebody else then approves it.`} />
        <Studio key={draft ? 'draft' : `plan ${fix.plan_number}`} kind="definitions" id={`fix-${fix.id}`} height={640} canvas />
      </Tabs.Panel>
      {run && <Tabs.Panel value="run" pt="sm"><Studio kind="instances" id={run} height={640} canvas /></Tabs.Panel>}
    </Tabs>
  );
}
