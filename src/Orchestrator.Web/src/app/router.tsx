import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { ProblemNote } from './problems';
import { Shell } from './Shell';

const root = createRootRoute({
  component: Shell,
  errorComponent: ({ error }) => <ProblemNote error={error} />,
  notFoundComponent: () => <ProblemNote error={new Error('There is no such page; the menu shows those that exist.')} />,
});

function page<P extends string>(path: P, load: () => Promise<Record<string, React.ComponentType>>, name: string) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name) });
}

const routes = [
  page('/', () => import('../status/OverviewPage'), 'OverviewPage'),
  page('/findings', () => import('../findings/FindingsPage'), 'FindingsPage'),
  page('/findings/$id', () => import('../findings/FindingPage'), 'FindingPage'),
  page('/fixes', () => import('../fixes/FixesPage'), 'FixesPage'),
  page('/fixes/$id', () => import('../fixes/FixPage'), 'FixPage'),
  page('/labels', () => import('../labeling/LabelsPage'), 'LabelsPage'),
  page('/labels/$queue', () => import('../labeling/QueuePage'), 'QueuePage'),
  page('/datasets', () => import('../datasets/DatasetsPage'), 'DatasetsPage'),
  page('/datasets/$name', () => import('../datasets/DatasetPage'), 'DatasetPage'),
  page('/models', () => import('../models/ModelsPage'), 'ModelsPage'),
  page('/models/$name', () => import('../models/ModelPage'), 'ModelPage'),
  page('/rules', () => import('../rules/RulesPage'), 'RulesPage'),
  page('/workflows', () => import('../workflows/WorkflowsPage'), 'WorkflowsPage'),
  page('/workflows/definitions/$id', () => import('../workflows/StudioPage'), 'DefinitionPage'),
  page('/workflows/instances/$id', () => import('../workflows/StudioPage'), 'InstancePage'),
  page('/audit', () => import('../audit/AuditPage'), 'AuditPage'),
  page('/signed-in', () => import('../access/SignedInPage'), 'SignedInPage'),
  page('/settings', () => import('../keys/SettingsPage'), 'SettingsPage'),
] as const;

export const router = createRouter({ routeTree: root.addChildren(routes), defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
