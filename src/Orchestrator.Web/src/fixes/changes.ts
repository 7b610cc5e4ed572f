import type { Schemas } from '../api/client';

export type Change = { activity: string; input: string; before: string; after: string };

type Expression = { type?: string; value?: unknown };
type Activity = { id: string; name?: string; metadata?: { displayText?: string } } & Record<string, unknown>;

/** The inputs of activities that are other in one plan than in the one before, as they are with the plans' own inputs written in. */
export function inputChanges(before: Schemas['FixPlan'], after: Schemas['FixPlan']): Change[] {
  const old = new Map(activities(before).map((activity) => [activity.id, activity]));
  return activities(after).flatMap((activity) => {
    const was = old.get(activity.id);
    const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(activity)])].filter((name) => isInput(activity[name]) || isInput(was?.[name]));
    return names.flatMap((input): Change[] => {
      const change = { activity: activity.metadata?.displayText ?? activity.name ?? activity.id, input, before: told(was?.[input], before), after: told(activity[input], after) };
      return change.before === change.after ? [] : [change];
    });
  });
}

/** Activities that one of the plans has and the other has not. */
export function activityChanges(before: Schemas['FixPlan'], after: Schemas['FixPlan']): { added: string[]; removed: string[] } {
  const [old, current] = [activities(before), activities(after)];
  const names = (all: Activity[], except: Activity[]) => all.filter((one) => !except.some((other) => other.id === one.id)).map((one) => one.metadata?.displayText ?? one.name ?? one.id);
  return { added: names(current, old), removed: names(old, current) };
}

function activities(plan: Schemas['FixPlan']): Activity[] {
  return (JSON.parse(plan.definition) as { root?: { activities?: Activity[] } }).root?.activities ?? [];
}

function isInput(value: unknown): value is { expression: Expression } {
  return typeof value === 'object' && value !== null && 'expression' in value && typeof value.expression === 'object' && value.expression !== null;
}

function told(input: unknown, plan: Schemas['FixPlan']): string {
  if (!isInput(input)) {
    return '';
  }
  const { type, value } = input.expression;
  const name = (value as { name?: string } | null | undefined)?.name ?? String(value ?? '');
  if (type === 'Input') {
    return text((plan.inputs as Record<string, unknown>)[name]);
  }
  return type === 'Variable' ? name : text(value);
}

const text = (value: unknown) => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
