import { useParams } from '@tanstack/react-router';
import { Page } from '../app/Page';
import { Studio } from './Studio';

const height = 'calc(100vh - 150px)';

export function DefinitionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Page title={id} lead="Workflow definition"><Studio kind="definitions" id={id} height={height} /></Page>;
}

export function InstancePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Page title={id} lead="Workflow run"><Studio kind="instances" id={id} height={height} /></Page>;
}
