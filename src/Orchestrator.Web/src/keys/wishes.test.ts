import { expect, test } from 'vitest';
import { ofModels } from './wishes';

test('a key is asked for with the roles of each model, without those that have none', () => {
  expect(ofModels([{ model: 'churn', roles: ['approver'] }, { model: 'fraud', roles: [] }, { model: 'spam', roles: ['viewer', 'labeler'] }])).toEqual({ churn: ['approver'], spam: ['viewer', 'labeler'] });
});
