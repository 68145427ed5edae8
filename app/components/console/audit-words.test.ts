import { expect, it } from 'vitest';

import { actorWords, actWords, subjectPage } from './audit-words';

it('says acts and actors in words', () => {
  expect(actWords('api_key.rotated')).toBe('API key rotated');
  expect(actorWords({ id: 'usr_1', email: 'a@b.test' })).toBe('a@b.test');
  expect(actorWords({ id: 'system', email: null })).toBe('The system');
  expect(actorWords({ id: 'api:apc_1', email: null })).toBe('api:apc_1');
});

it('leads to the page of what was acted on, and nowhere where there is none', () => {
  expect(subjectPage('pay_1', 'payment.granted_in_review')).toBe('/admin/payments/pay_1');
  expect(subjectPage('mbk_1', 'refund.requested')).toBe('/admin/payments?q=mbk_1');
  expect(subjectPage('live:support:refund:usd', 'limit.changed')).toBe('/admin/settings/limits');
  expect(subjectPage('whatever', 'thing.done')).toBeUndefined();
  expect(subjectPage('pay_1?x', 'thing.done')).toBeUndefined();
});
