import { type RealmRef } from '~/modules/admin/shared';
import { type FilterChoice } from './filter-bar';

/** A list shows the present realm unless it is asked for others. */
export const realmChoice = (realms: readonly RealmRef[]): FilterChoice => ({
  name: 'realm',
  label: 'Realm',
  options: realms.map(({ id, name, mode }) => ({ value: id, label: `${name}, ${mode}` })),
});
