import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm, findAnything, readRealms } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

/** What the palette asks while somebody types. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const text = (new URL(request.url).searchParams.get('q') ?? '').trim().slice(0, 200);
  if (text === '') return { text, pages: [], customers: [], payments: [] };
  const realm = await consoleRealm();
  return { text, ...(await findAnything(db(), text, await readRealms(db()), realm)) };
}
