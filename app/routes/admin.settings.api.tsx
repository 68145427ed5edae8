import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import Plus from 'lucide-react/icons/plus';
import { ActDialog } from '~/components/console/act-dialog';
import { type ActReply } from '~/components/console/act-reply';
import { ApiClientCard } from '~/components/console/api-client-card';
import { ClientFields } from '~/components/console/api-client-fields';
import { SETTING_REASON_OPTIONS } from '~/components/console/setting-reasons';
import { AdminsOnly, CardsByBook } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { joinFields, parseAct } from '~/console/act-form.server';
import { type ClientAct, clientForm } from '~/console/client-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import {
  changeClient,
  createClient,
  listClients,
  revokeKey,
  rotateKey,
} from '~/modules/clients/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { hours } from '~/platform/time';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  return {
    clients: await listClients(db()),
    now: new Date(),
    present: mode,
    mayAct: hasRole(user.role, 'admin'),
  };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(joinFields(await request.formData(), 'scopes'), clientForm);
  return parsed.ok ? carryOut(parsed.value, acting.user.id) : parsed.reply;
}

const refused = (message: string, fields?: Record<string, string[]>): ActReply => ({
  outcome: 'refused',
  message,
  ...(fields && { fields }),
});
const done = (message: string, key?: string): ActReply => ({
  outcome: 'done',
  message,
  ...(key !== undefined && { secret: { label: 'API key', value: key } }),
});

/** Each act once, by the door of the clients' room. */
async function carryOut(wanted: ClientAct, actor: string): Promise<ActReply> {
  const { key, reason, comment, intent } = wanted;
  const why = { actor, reason, comment, now: new Date() };
  const did = await actOnce(
    db(),
    `${intent} api client`,
    { key, actor, done: ['created', 'changed', 'rotated', 'revoked'] },
    async (tx) => {
      switch (intent) {
        case 'create': {
          const { book, name, scopes, origins: returnOrigins } = wanted;
          return createClient(tx, { ...why, book, name, scopes, returnOrigins });
        }
        case 'change': {
          const { client: clientId, scopes, origins: returnOrigins } = wanted;
          return changeClient(tx, { ...why, clientId, scopes, returnOrigins });
        }
        case 'rotate':
          return rotateKey(tx, { ...why, clientId: wanted.client, overlap: hours(wanted.overlap) });
        case 'revoke':
          return revokeKey(tx, { ...why, keyId: wanted.apiKey });
        case 'close':
          return changeClient(tx, { ...why, clientId: wanted.client, closes: true });
        default:
          return assertNever(wanted);
      }
    },
  );
  switch (did.outcome) {
    case 'created':
      return done('The client is made. Give its key to the program that asks.', did.key);
    case 'changed':
      return done(
        intent === 'close' ? 'The client is closed: no key of it opens anything.' : 'The client is changed.',
      );
    case 'rotated':
      return done(
        `The new key is good. The former ones are until ${did.formerUntil.toUTCString()}.`,
        did.key,
      );
    case 'revoked':
      return done('The key opens nothing any more.');
    case 'already_revoked':
      return done('The key was revoked before. Nothing was changed.');
    case 'repeated':
      return done('This was done already. A key that it made was shown then; rotate to have another one.');
    case 'name_taken':
      return refused('Nothing was made.', { name: ['This book has a client of that name.'] });
    case 'bad_origin':
      return refused('Nothing was changed.', {
        origins: [`${did.origin} is no origin: name scheme and host only.`],
      });
    case 'not_found':
      return refused('It is not there. Load the page again.');
    case 'closed':
      return refused('This client is closed for good. Make another one.');
    default:
      return assertNever(did);
  }
}

export default function ApiSettings() {
  const { clients, now, present, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="Programs of your product that ask the API: what each may do, and the keys that let it in."
        actions={
          mayAct ? (
            <ActDialog
              opener={{ label: 'New client', icon: Plus, variant: 'primary' }}
              title="New client of the API"
              description="It is made with its first key, which is shown once."
              intent="create"
              reasons={SETTING_REASON_OPTIONS}
              submitLabel="Make the client and its key"
              pendingLabel="Making it…"
              width="lg"
            >
              {(errors) => <ClientFields book={present} errors={errors} />}
            </ActDialog>
          ) : undefined
        }
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="make clients and keys, or end them" />
      <CardsByBook
        present={present}
        rows={clients}
        empty={
          <EmptyState title="No client yet">
            Your product asks for balances and spends credits as a client, with a key of its own.
          </EmptyState>
        }
      >
        {(one) => <ApiClientCard client={one} now={now} mayAct={mayAct} />}
      </CardsByBook>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'API keys · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
