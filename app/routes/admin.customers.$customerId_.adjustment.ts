import { type LoaderFunctionArgs } from '@remix-run/node';
import { safeParse } from 'zod/v4/core';
import { type PreviewReply } from '~/components/console/customer-acts';
import { previewForm } from '~/console/adjust-form.server';
import { previewAdjustment } from '~/modules/adjustments/index.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';
import { leadToPage } from '~/platform/http.server';

/** What an adjustment would do, asked while somebody types it. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<PreviewReply> {
  const { id: actor, role } = await requireStaff(request, 'support');
  leadToPage(request, `/admin/customers/${encodeURIComponent(params['customerId'] ?? '')}`);
  const { mode: book } = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const [direction, amount] = [searchParams.get('direction') ?? '', searchParams.get('amount') ?? ''];
  const asked = safeParse(previewForm, { direction, ...(amount === '' ? {} : { amount }) });
  if (!asked.success) return { direction, amount, preview: undefined };
  const preview = await previewAdjustment(db(), {
    ...{ book, customerId: params['customerId'] ?? '', actor, role },
    ...{ direction: asked.data.direction, amount: asked.data.amount ?? 0n },
  });
  return { direction, amount, preview };
}
