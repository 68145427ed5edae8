import { Link } from '@remix-run/react';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { TimeAgo } from '~/components/ui/time';
import { type OverviewView } from '~/modules/admin/shared';
import { findingWords } from '~/modules/findings/shared';
import { subjectPage } from './audit-words';
import { countWords } from './count-words';
import { inWords, startingLarge } from './state-badges';

/** The newest differences that nobody has resolved. */
export function Findings({ findings: { open, latest } }: { findings: OverviewView['findings'] }) {
  return (
    <div id="findings">
      <Card title="Open findings" flush>
        {latest.length === 0 ? (
          <p className="px-4 py-6 text-text-muted">No difference waits for anybody.</p>
        ) : null}
        <ul className="divide-y">
          {latest.map(({ id, kind, subject, detail, createdAt }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2 text-sm">
              <Link to={`/admin/reconciliation/${id}`} prefetch="intent" className="prose-link font-medium">
                {findingWords(kind)?.label ?? startingLarge(inWords(kind))}
              </Link>
              <Subject subject={subject} />
              <span className="min-w-0 flex-1 basis-60 text-text-muted [overflow-wrap:anywhere]">
                {detail}
              </span>
              <TimeAgo at={createdAt} className="text-text-muted" />
            </li>
          ))}
        </ul>
        {open.n > latest.length ? (
          <p className="border-t px-4 py-2 text-sm text-text-muted">
            The newest {latest.length} of {countWords(open)}.
          </p>
        ) : null}
      </Card>
    </div>
  );
}

function Subject({ subject }: { subject: string }) {
  const page = subjectPage(subject, '');
  return (
    <span className="inline-flex items-center gap-1">
      {page === undefined ? null : (
        <Link to={page} prefetch="intent" className="prose-link">
          Show
        </Link>
      )}
      <CopyId id={subject} label="subject" />
    </span>
  );
}
