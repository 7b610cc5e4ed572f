import type { Schemas } from '../api/client';
import { Part } from '../app/Page';
import { ChangedRows } from '../datasets/ChangedRows';

/** The rows that the fix changes, each before and after: what its run did, or the patch that it waits with. */
export function PlanPatch({ fix, plan }: { fix: Schemas['Fix']; plan: Schemas['FixPlan'] }) {
  if (plan.limits.operations.length === 0 && plan.inputs.patch === undefined) {
    return null;
  }
  // The changes of another plan, patch or state are others.
  const id = ['fix', fix.id, 'changes', plan.sha256 ?? '', fix.patch?.sha256 ?? '', fix.state];
  return (
    <Part title="What happens to rows" aside={plan.limits.dataset ?? undefined}>
      <ChangedRows key={id.join(' ')} id={id} path={`/api/fixes/${fix.id}/changes`} none="Which rows change is known once the fix has run so far, or waits with its patch." />
    </Part>
  );
}
