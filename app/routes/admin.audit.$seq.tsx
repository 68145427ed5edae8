import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { actorWords, actWords, subjectPage } from '~/components/console/audit-words';
import { FieldChanges } from '~/components/console/field-changes';
import { realmWords } from '~/components/console/realm-mark';
import { inWords, startingLarge } from '~/components/console/state-badges';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import { readAudit } from '~/modules/admin/index.server';
import { type AuditView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'support');
  const row = await readAudit(db(), params['seq'] ?? '');
  if (row === undefined) throw new Response(null, { status: 404 });
  return row;
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function AuditRowPage() {
  const row = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        back={{ to: '/admin/audit', label: 'Audit' }}
        title={actWords(row.act)}
        badge={row.isRedacted ? <Badge tone="idle">Redacted</Badge> : undefined}
        description={
          <>
            Row {row.seq.toString()}, by {actorWords(row.actor)}, <Timestamp at={row.at} />
          </>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-4">
          {row.comment === null ? null : (
            <Card title="Comment">
              <blockquote className="whitespace-pre-wrap text-base [overflow-wrap:anywhere]">
                {row.comment}
              </blockquote>
            </Card>
          )}
          <Told row={row} />
        </div>
        <AuditFacts row={row} />
      </div>
    </>
  );
}

function Told({ row }: { row: AuditView }) {
  if (row.isRedacted)
    return (
      <Notice tone="idle" title="What was told here is redacted">
        The comment and the values before and after were taken out for good. Their digest stays, so the chain
        still shows that nothing else was changed.
      </Notice>
    );
  if (row.body === null || row.changes.length === 0)
    return row.comment === null ? (
      <Notice tone="idle">This act changes nothing that was told before and after.</Notice>
    ) : null;
  const body: Json = JSON.parse(row.body);
  return (
    <>
      <Card title="What changed" flush>
        <FieldChanges changes={row.changes} />
      </Card>
      <details>
        <summary className="cursor-pointer rounded text-sm text-text-muted hover:text-text">
          As it was written
        </summary>
        <div className="mt-2">
          <JsonView value={body} label={`Body of row ${row.seq}`} depth={3} />
        </div>
      </details>
    </>
  );
}

function AuditFacts({ row }: { row: AuditView }) {
  const page = subjectPage(row.subject, row.act);
  const show = (to: string, label = 'Show') => (
    <Link to={to} prefetch="intent" className="prose-link mr-1">
      {label}
    </Link>
  );
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Subject">
          {page === undefined ? null : show(page)}
          <CopyId id={row.subject} label="subject" />
        </Fact>
        <Fact label="All acts on it">{show(`/admin/audit?q=${encodeURIComponent(row.subject)}`)}</Fact>
        {row.earlier === undefined ? null : (
          <Fact label="The act on it before">
            {show(`/admin/audit/${row.earlier}`, `Row ${row.earlier}`)}
          </Fact>
        )}
        {row.later === undefined ? null : (
          <Fact label="The act on it after">{show(`/admin/audit/${row.later}`, `Row ${row.later}`)}</Fact>
        )}
        <Fact label="Actor">
          {show(`/admin/audit?actor=${encodeURIComponent(row.actor.id)}`, 'All their acts')}
          <CopyId id={row.actor.id} label="actor" />
        </Fact>
        {row.reason === null ? null : <Fact label="Reason">{startingLarge(inWords(row.reason))}</Fact>}
        <Fact label="Act">{row.act}</Fact>
        {row.realm === null ? null : <Fact label="Realm">{realmWords(row.realm)}</Fact>}
        {row.requestId === null ? null : (
          <Fact label="Request">
            <CopyId id={row.requestId} label="request id" />
          </Fact>
        )}
        <Fact label="Digest of what was told">
          <CopyId id={row.bodyDigest} label="digest" />
        </Fact>
        <Fact label="Hash of the row">
          <CopyId id={row.hash} label="hash" />
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: row }) => [
  { title: `${row === undefined ? 'Audit' : actWords(row.act)} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/audit', label: 'Show the whole audit' }}
      texts={{ 404: { title: 'No such row', happened: 'The audit has no row of this number.' } }}
    />
  );
}
