import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';

import { type ActReply } from '~/components/console/act-reply';
import { parseAct } from '~/console/act-form.server';
import { VIEW_INTENT } from '~/components/console/view-intents';
import { viewForm } from '~/console/view-form.server';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { removeView, saveView } from '~/modules/views/index.server';
import { VIEWS_MAX } from '~/modules/views/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

/** Nothing to see: views are tabs of their list. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin');
}

const refused = (message: string, name = message): ActReply => ({
  ...{ outcome: 'refused', message, fields: { name: [name] } },
});

/** Whoever reads the console keeps lists for themselves: it moves nothing, and nobody else sees it. */
export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const { id: userId } = await requireStaff(request, 'viewer');
  const parsed = parseAct(await request.formData(), viewForm);
  if (!parsed.ok) return parsed.reply;
  if (parsed.value.intent === VIEW_INTENT.remove) {
    await removeView(db(), { userId, viewId: parsed.value.viewId });
    // Gone by an earlier click, it is gone.
    return { outcome: 'done', message: 'The view is removed.' };
  }
  const { outcome } = await saveView(db(), { userId, ...parsed.value });
  switch (outcome) {
    case 'saved':
      return { outcome: 'done', message: 'The view is saved.' };
    case 'name_taken':
      return refused('You have a view of that name: remove it first, or choose another one.');
    case 'too_many':
      return refused(`You have ${String(VIEWS_MAX)} views of this list: remove one first.`);
    case 'nothing_chosen':
      return refused('Choose filters or columns first: this is the list itself.');
    default:
      return assertNever(outcome);
  }
}
