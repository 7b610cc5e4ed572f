import { useParams } from '@tanstack/react-router';
import { Page } from '../app/Page';
import { Editing, useEditing } from './Editing';
import { Studio } from './Studio';

const height = 'calc(100vh - 150px)';

export function DefinitionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/api/workflows/${encodeURIComponent(id)}`;
  const draft = useEditing(path).data?.is_yours;
  return (
    <Page title={id} lead="Workflow definition">
      <Editing path={path} begin="Propose a change" allowed hint="Change the draft. Publish, the cloud above the canvas, proposes it to those who keep the rules." />
      <Studio key={draft ? 'draft' : 'definition'} kind="definitions" id={id} height={height} />
    </Page>
  );
}

export function InstancePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Page title={id} lead="Workflow run"><Studio kind="instances" id={id} height={height} /></Page>;
}
