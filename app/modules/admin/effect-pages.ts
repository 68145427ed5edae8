import { type WayTo } from './approval-views';

/** Where what an approval wrote is shown; not all of it has a page. */
export const pagesOfEffects = (effects: readonly string[]): WayTo[] => effects.flatMap(pageOf);

function pageOf(id: string): WayTo[] {
  if (id.startsWith('txf_')) return [{ label: 'Transfer', to: `/admin/transfers/${id}` }];
  if (id.startsWith('pay_')) return [{ label: 'Payment', to: `/admin/payments/${id}` }];
  return [];
}
