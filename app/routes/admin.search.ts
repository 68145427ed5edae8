import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm, findAnything, readRealms } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

/** What the palette asks while somebody types. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  return findAnything(db(), new URL(request.url).searchParams, await readRealms(db()), realm.id);
}
