import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { activityChanges, inputChanges } from './changes';

function plan(inputs: object, ...activities: object[]): Schemas['FixPlan'] {
  return { inputs, definition: JSON.stringify({ root: { activities } }) } as unknown as Schemas['FixPlan'];
}

const find = (budget: object) => ({ id: 'find', metadata: { displayText: 'Find suspects' }, budget: { expression: budget }, found: { memoryReference: { id: 'suspects' } } });
const named = { type: 'Input', value: { name: 'label_budget' } };

test('an input of the plan that is written in is no change', () => {
  expect(inputChanges(plan({ label_budget: 225 }, find(named)), plan({ label_budget: 225 }, find({ type: 'Literal', value: '225' })))).toEqual([]);
});

test('a changed value is told with the one before', () => {
  expect(inputChanges(plan({ label_budget: 225 }, find(named)), plan({ label_budget: 225 }, find({ type: 'Literal', value: '200' })))).toEqual([
    { activity: 'Find suspects', input: 'budget', before: '225', after: '200' },
  ]);
});

test('variables are told by their names, and what was not set as nothing', () => {
  const [before, after] = [plan({}, find({ type: 'Variable', value: { id: 'v1', name: 'asked' } })), plan({}, find(named))];
  expect(inputChanges(before, after)).toEqual([{ activity: 'Find suspects', input: 'budget', before: 'asked', after: '' }]);
});

test('activities are told that came or went', () => {
  const tell = { id: 'tell', name: 'Tell' };
  expect(activityChanges(plan({}, find(named)), plan({}, tell))).toEqual({ added: ['Tell'], removed: ['Find suspects'] });
});
