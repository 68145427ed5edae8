import { type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { TimelineRow } from '~/components/console/payment-timeline';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { Timeline } from '~/components/ui/timeline';
import { consoleRealm, readCustomerTimeline } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { mode: book } = await consoleRealm();
  return { timeline: await readCustomerTimeline(db(), { customerId: params['customerId'] ?? '', book }) };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerTimeline() {
  const { timeline } = useLoaderData<typeof loader>();
  const { realm } = useConsole();
  return (
    <Card
      title="Timeline"
      description="The latest of payments, credits, staff acts, notes, mails and calls to Stripe, newest first."
    >
      {timeline.length === 0 ? (
        <EmptyState title="Nothing happened yet" />
      ) : (
        <Timeline label="What happened, newest first">
          {timeline.map((entry) => (
            <TimelineRow key={entry.key} entry={entry} realm={realm} withPayment />
          ))}
        </Timeline>
      )}
    </Card>
  );
}
