import type { CheckoutView, PageRequest, PageResponse, PayOutcome, Sandbox } from '../../sandbox';
import { jsonResponse, redirectResponse } from '../layout';
import { checkoutPage, type CheckoutState } from './checkout-page';
import { completedPage, expiredPage, unknownSessionPage } from './closed-page';
import {
  EMPTY_VALUES,
  fieldIdOf,
  readForm,
  toPayInput,
  type FormProblem,
  type FormValues,
} from './form-values';
import { fillIn, findInstrument } from './instruments';

const MOVED_ON = 'That question was already answered. Try again.';

function closedPage(view: CheckoutView): PageResponse {
  return view.session.status === 'complete' ? completedPage(view) : expiredPage(view);
}

/** What the browser has to do next; the same answer as JSON for the script and as a page without it. */
type Next =
  { next: 'redirect'; to: string } | { next: 'message'; problem: FormProblem } | { next: 'challenge' };

function nextOf(outcome: PayOutcome, path: string): Next {
  switch (outcome.outcome) {
    case 'paid':
      return { next: 'redirect', to: outcome.redirectTo };
    case 'declined':
      return { next: 'message', problem: { field: null, message: outcome.message } };
    case 'invalid':
      return { next: 'message', problem: { field: fieldIdOf(outcome.field), message: outcome.message } };
    case 'challenge':
      return { next: 'challenge' };
    case 'no_challenge':
      return { next: 'message', problem: { field: null, message: MOVED_ON } };
    case 'closed':
      return { next: 'redirect', to: outcome.redirectTo ?? path };
    case 'unknown_session':
      return { next: 'redirect', to: path };
  }
}

function answer(next: Next, view: CheckoutView, values: FormValues, asJson: boolean): PageResponse {
  if (asJson) return jsonResponse(next);
  switch (next.next) {
    case 'redirect':
      return redirectResponse(next.to);
    case 'message':
      return openPage(view, { values, problem: next.problem });
    case 'challenge':
      return openPage(view, { values, challenge: true });
  }
}

function openPage(view: CheckoutView, state: Partial<Omit<CheckoutState, 'view'>>): PageResponse {
  const values = {
    ...EMPTY_VALUES,
    method: view.methods[0] ?? 'card',
    savedMethod: view.savedMethods[0]?.id ?? null,
    email: view.customerEmail ?? '',
  };
  return checkoutPage({ view, values, problem: null, refusedCode: null, challenge: false, ...state });
}

/** /r/:token: an expired session that its seller lets start again. */
export function handleRecovery({ checkout }: Sandbox, req: PageRequest): PageResponse {
  const url = checkout.recover(req.path.slice('/r/'.length));
  return url === null ? unknownSessionPage() : redirectResponse(url);
}

/** /c/pay/:sessionId and what its forms are sent to. */
export async function handleCheckout(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  const [, sessionId, act] = /^\/c\/pay\/([^/]+)(?:\/(challenge|promotion|quantity))?$/.exec(req.path) ?? [];
  if (sessionId === undefined) return undefined;
  const view = sandbox.checkout.find(sessionId);
  if (!view) return unknownSessionPage();
  const path = `/c/pay/${encodeURIComponent(sessionId)}`;
  if (req.method !== 'POST') {
    if (act !== undefined) return redirectResponse(path);
    if (view.session.status !== 'open') return closedPage(view);
    return openPage(view, { challenge: view.challenge !== null });
  }
  if (act === 'promotion' || act === 'quantity') return changedOrder(sandbox, view, act, req.form);
  const typed = readForm(req.form, view.methods);
  const values = view.lockedEmail ? { ...typed, email: view.customerEmail ?? '' } : typed;
  const fill = act === undefined ? req.form.get('fill') : null;
  if (fill !== null) return filledPage(view, values, fill);
  const asJson = req.form.get('via') === 'script';
  return answer(
    nextOf(await tried(sandbox, view, values, { act, form: req.form }), path),
    view,
    values,
    asJson,
  );
}

/** The page with the order as it is now, or with the reason why it stays as it was. */
function changedOrder(
  { checkout }: Sandbox,
  view: CheckoutView,
  act: 'promotion' | 'quantity',
  form: URLSearchParams,
): PageResponse {
  const { id } = view.session;
  const code = (form.get('promotionCode') ?? '').trim();
  const changed =
    act === 'quantity'
      ? checkout.changeQuantity(id, form.get('line') ?? '', Number(form.get('quantity') || NaN))
      : form.has('remove')
        ? checkout.removePromotionCode(id)
        : checkout.applyPromotionCode(id, code);
  if (changed.outcome !== 'refused') return redirectResponse(`/c/pay/${encodeURIComponent(id)}`);
  const { message } = changed;
  if (act === 'promotion') return openPage(view, { refusedCode: { code, message } });
  return openPage(view, { problem: { field: null, message } });
}

function filledPage(view: CheckoutView, values: FormValues, key: string): PageResponse {
  if (view.session.status !== 'open') return closedPage(view);
  const instrument = findInstrument(key);
  return openPage(view, { values: instrument ? fillIn(values, instrument) : values });
}

function tried(
  { checkout }: Sandbox,
  { session }: CheckoutView,
  values: FormValues,
  { act, form }: { act: string | undefined; form: URLSearchParams },
): Promise<PayOutcome> {
  if (act !== 'challenge') return checkout.pay(session.id, toPayInput(values));
  return checkout.answerChallenge(session.id, form.get('answer') === 'complete' ? 'complete' : 'fail');
}
