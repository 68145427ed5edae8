import { expect, it } from 'vitest';

import { routeMatcher } from './route-patterns';

const routeOf = routeMatcher([
  { id: 'root', path: '' },
  { id: 'store', parentId: 'root' },
  { id: 'index', parentId: 'store' },
  { id: 'admin', parentId: 'root', path: 'admin' },
  { id: 'payments', parentId: 'admin', path: 'payments' },
  { id: 'payment', parentId: 'admin', path: 'payments/:paymentId' },
  { id: 'export', parentId: 'root', path: 'admin/payments.csv' },
  { id: 'offline', parentId: 'admin', path: 'payments/offline' },
  { id: 'refund', parentId: 'root', path: 'admin/payments/:paymentId/refund' },
  { id: 'customer', parentId: 'root', path: 'api/v1/customers/:id' },
  { id: 'api', parentId: 'root', path: 'api/v1/*' },
  { id: 'none', parentId: 'root', path: '*' },
]);

it.each([
  ['/', '/'],
  ['/admin/payments', '/admin/payments'],
  ['/admin/payments/', '/admin/payments'],
  ['/admin/payments/pay_1', '/admin/payments/:paymentId'],
  ['/admin/payments/offline', '/admin/payments/offline'],
  ['/admin/payments/offline/refund', '/admin/payments/:paymentId/refund'],
  ['/api/v1/customers/somebody@example.com', '/api/v1/customers/:id'],
])('%s is answered by %s', (path, pattern) => {
  expect(routeOf(path)).toBe(pattern);
});

it.each(['/wp-login.php', '/api/v1/what/ever', '/admin/payments/pay_1/nothing', '/..%2f..'])(
  '%s is no route: what visitors make up is counted as one',
  (path) => {
    expect(routeOf(path)).toBeUndefined();
  },
);
