import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import Plus from 'lucide-react/icons/plus';
import { ActDialog } from '~/components/console/act-dialog';
import { type ActReply } from '~/components/console/act-reply';
import { EndpointCard } from '~/components/console/endpoint-card';
import { EndpointFields } from '~/components/console/endpoint-fields';
import { SETTING_REASON_OPTIONS } from '~/components/console/setting-reasons';
import { AdminsOnly, CardsByBook } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { joinFields, parseAct } from '~/console/act-form.server';
import { type EndpointAct, endpointForm } from '~/console/endpoint-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  messageTypeSchema,
  outboxRules,
  removeEndpoint,
  rotateSecret,
  sendPing,
} from '~/modules/outbox/index.server';
import { type AddressFault, MESSAGE_TYPES } from '~/modules/outbox/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { hours } from '~/platform/time';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  return {
    endpoints: await listEndpoints(db()),
    known: MESSAGE_TYPES.filter((type) => type !== 'endpoint.ping'),
    present: mode,
    mayAct: hasRole(user.role, 'admin'),
  };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(joinFields(await request.formData(), 'types'), endpointForm);
  return parsed.ok ? carryOut(parsed.value, acting.user.id) : parsed.reply;
}

const refused = (message: string, fields: Record<string, string[]> = {}): ActReply => ({
  ...{ outcome: 'refused', message, fields },
});
const done = (message: string, secret?: string): ActReply => ({
  ...{ outcome: 'done', message },
  ...(secret !== undefined && { secret: { label: 'Signing secret', value: secret } }),
});

const FAULT: Record<AddressFault, string> = {
  not_a_url: 'Enter an address, for example https://product.example.com/webhooks.',
  not_https: 'The address must begin with https:.',
  has_credentials: 'Leave user and password out: messages are signed.',
  address_not_allowed:
    'This is on an inner network. OUTBOX_ALLOW in the settings of the server must name its host.',
};

/** Each act once, by the door of the outbox. */
async function carryOut(wanted: EndpointAct, actor: string): Promise<ActReply> {
  const { key, reason, comment, intent } = wanted;
  const why = { actor, reason, comment, rules: outboxRules() };
  const types = hears(wanted);
  if (types === undefined) return refused('Nothing was done.', { types: ['Choose what it hears.'] });
  const dones = ['added', 'changed', 'rotated', 'removed', 'queued'] as const;
  const did = await actOnce(db(), `${intent} endpoint`, { key, actor, done: dones }, async (tx) => {
    switch (intent) {
      case 'add': {
        const { book, url, description } = wanted;
        return addEndpoint(tx, { ...why, book, url, description, types });
      }
      case 'change': {
        const { url, description } = wanted;
        return changeEndpoint(tx, {
          ...why,
          endpointId: wanted.endpoint,
          change: { url, description, types },
        });
      }
      case 'on':
      case 'off':
        return changeEndpoint(tx, { ...why, endpointId: wanted.endpoint, change: { state: intent } });
      case 'rotate':
        return rotateSecret(tx, { ...why, endpointId: wanted.endpoint, overlap: hours(wanted.overlap) });
      case 'remove':
        return removeEndpoint(tx, { ...why, endpointId: wanted.endpoint });
      case 'ping':
        return sendPing(tx, { ...why, endpointId: wanted.endpoint });
      default:
        return assertNever(wanted);
    }
  });
  switch (did.outcome) {
    case 'added':
      return done(
        'The endpoint hears what happens from now on. Verify what it hears with its secret.',
        did.secret,
      );
    case 'rotated':
      return done(
        `The new secret signs. The former one does too until ${did.formerUntil.toUTCString()}.`,
        did.secret,
      );
    case 'changed':
      return done(
        intent === 'on' ? 'It is on.' : intent === 'off' ? 'It is off.' : 'The endpoint is changed.',
      );
    case 'removed':
      return done('The endpoint is removed.');
    case 'queued':
      return done('The ping is on its way.');
    case 'repeated':
      return done('This was done already. A secret that it made was shown then; rotate to have another one.');
    case 'url_refused':
      return refused('Nothing was done: look at the address.', { url: [FAULT[did.fault]] });
    case 'too_many':
      return refused(`A book has ${did.most} endpoints at most. Remove one first.`);
    case 'not_found':
      return refused('It is not there any more. Load the page again.');
    case 'not_on':
      return refused('It is not on, so nothing is sent to it.');
    default:
      return assertNever(did);
  }
}

/** Empty is everything; undefined is a form that names nothing. */
function hears(wanted: EndpointAct) {
  if ((wanted.intent !== 'add' && wanted.intent !== 'change') || wanted.everything !== undefined) return [];
  const types = messageTypeSchema.array().min(1).safeParse(wanted.types);
  return types.success ? types.data : undefined;
}

export default function EndpointSettings() {
  const { endpoints, known, present, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="Addresses of your product that hear what happens to credits, as signed messages."
        actions={
          mayAct ? (
            <ActDialog
              opener={{ label: 'New endpoint', icon: Plus, variant: 'primary' }}
              title="New endpoint"
              description="It hears what happens from now on. Its signing secret is shown once."
              intent="add"
              reasons={SETTING_REASON_OPTIONS}
              submitLabel="Add the endpoint"
              pendingLabel="Adding it…"
              width="lg"
            >
              {(errors) => <EndpointFields book={present} known={known} errors={errors} />}
            </ActDialog>
          ) : undefined
        }
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="add, change and remove endpoints" />
      <CardsByBook
        present={present}
        rows={endpoints}
        empty={
          <EmptyState title="No endpoint yet">
            Your product can be told at once when credits are granted, revoked or run low.
          </EmptyState>
        }
      >
        {(one) => <EndpointCard endpoint={one} known={known} mayAct={mayAct} />}
      </CardsByBook>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Endpoints · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
