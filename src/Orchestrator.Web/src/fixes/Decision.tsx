import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useSession } from '../access/session';
import { type ApiProblem, type Schemas, send } from '../api/client';
import { ago, short } from '../api/words';
import { Part } from '../app/Page';
import { useStanding } from '../app/Shell';

const inMotion = ['approved', 'running', 'verifying'];

/** A person's word on exactly the plan that the page shows. */
export function Decision({ fix }: { fix: Schemas['Fix'] }) {
  const may = useMay();
  const session = useSession();
  const queries = useQueryClient();
  const now = useStanding().data?.now;
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const act = async (verb: string, done: string, body: object) => {
    setBusy(true);
    setRefusal(null);
    try {
      await send('POST', `/api/fixes/${fix.id}/${verb}`, { ...body, comment: comment.trim() || null });
      notifications.show({ message: done, color: 'teal' });
      setComment('');
    } catch (error) {
      setRefusal(error as ApiProblem);
    }
    setBusy(false);
    await queries.invalidateQueries();
  };
  const refused = refusal && (
    <Alert color="red" role="alert" title={refusal.detail} withCloseButton closeButtonLabel="Close" onClose={() => setRefusal(null)}>
      {refusal.status === 409 ? 'Nothing was changed. The page shows how the fix stands now: read it, then decide again. Your comment is kept.' : `${refusal.next} Your comment is kept.`}
    </Alert>
  );

  if (fix.state !== 'proposed' && !inMotion.includes(fix.state)) {
    return refused ? <Part title="Your decision">{refused}</Part> : null;
  }
  const own = fix.proposed_by === session.name || fix.terms.author === session.name;
  const words = <Textarea label="Comment" placeholder="Stands in the audit" autosize minRows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />;
  if (inMotion.includes(fix.state)) {
    return may('approver') ? (
      <Part title="Stop it">
        <Stack gap="sm">
          {refused}
          <Text size="sm">Running work is ended, and what it changed is undone.</Text>
          {words}
          <Button color="red" variant="light" loading={busy} onClick={() => act('cancel', 'The fix is being stopped.', {})}>Stop and undo</Button>
        </Stack>
      </Part>
    ) : null;
  }
  return (
    <Part title="Your decision" aside={now && fix.deadline ? `expires ${ago(fix.deadline, now)}` : undefined}>
      {!may('approver') ? <Text size="sm">This waits for somebody with the role approver.</Text> : (
        <Stack gap="sm">
          {refused}
          {own && <Alert color="yellow" title="Four eyes">You edited this plan or authored its rule: somebody else has to approve it.</Alert>}
          <Text size="sm">You approve plan {fix.plan_number} with the hash <span className="code">{short(fix.plan?.sha256)}</span>. What runs is that plan, byte for byte.</Text>
          {words}
          <Group grow>
            <Button color="teal" loading={busy} disabled={own} onClick={() => act('approve', 'Approved; it starts as soon as nothing holds it.', { plan_sha256: fix.plan?.sha256 ?? '' })}>Approve</Button>
            <Button color="red" variant="light" loading={busy} onClick={() => act('reject', 'Rejected.', {})}>Reject</Button>
          </Group>
        </Stack>
      )}
    </Part>
  );
}
