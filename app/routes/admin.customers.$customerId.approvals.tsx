import { type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ApprovalTable } from '~/components/console/approval-table';
import { ListCard } from '~/components/console/list-card';
import { listApprovals, pageOf } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const of = { customerId: params['customerId'] ?? '' };
  return { list: await listApprovals(db(), { of }, pageOf(new URL(request.url).searchParams)) };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CustomerApprovals() {
  const { list } = useLoaderData<typeof loader>();
  return (
    <ListCard
      list={list}
      noun={['request', 'requests']}
      isFiltered={false}
      empty="Acts on this customer that are above somebody’s limit appear here."
    >
      <ApprovalTable label="Approvals" approvals={list.rows} withCustomer={false} />
    </ListCard>
  );
}
