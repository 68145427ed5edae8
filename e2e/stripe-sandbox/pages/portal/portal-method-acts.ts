import type { PageResponse } from '../../sandbox';
import type { PortalCardAct } from '../../sandbox-billing';
import { EMPTY_VALUES, readForm, type FormValues } from '../checkout/form-values';
import { fillIn, findInstrument } from '../checkout/instruments';
import { answered, type PortalRequest } from './portal-answer';
import { addCardPage, cardFieldId, readCard, removePage } from './portal-methods';

/** /methods/new and /methods/:id/remove; undefined: there is no such page for this visitor. */
export function methodsPage({ id, step, visitor }: PortalRequest): PageResponse | undefined {
  if (!visitor.view.allows.methods) return undefined;
  if (id === 'new') return addCardPage(visitor, { values: EMPTY_VALUES, problem: null, challenge: null });
  const method = visitor.view.methods.find((one) => one.id === id);
  return method && step === 'remove' ? removePage(visitor, method, null) : undefined;
}

export async function actOnMethods(request: PortalRequest): Promise<PageResponse | undefined> {
  const { desk, form, id, step, token, visitor } = request;
  if (id === 'new') return addCard(request);
  if (id === 'challenge') {
    const answer = form.get('answer') === 'complete' ? 'complete' : 'fail';
    const values = readForm(form, ['card']);
    const said = await desk.answerChallenge(token, form.get('setupIntent') ?? '', answer);
    return cardAnswer(request, values, said);
  }
  const method = visitor.view.methods.find((one) => one.id === id);
  if (!method) return undefined;
  if (step === 'default') return answered(request, await desk.setDefaultMethod(token, id), 'default');
  if (step !== 'remove') return undefined;
  const done = await desk.removeMethod(token, id);
  return answered(request, done, 'removed', (problem) => removePage(visitor, method, problem));
}

async function addCard(request: PortalRequest): Promise<PageResponse> {
  const { desk, form, token, visitor } = request;
  const values = readForm(form, ['card']);
  const fill = form.get('fill');
  if (fill !== null) {
    const instrument = findInstrument(fill);
    const filled = instrument ? fillIn(values, instrument) : values;
    return addCardPage(visitor, { values: filled, problem: null, challenge: null });
  }
  return cardAnswer(request, values, await desk.addCard(token, readCard(values)));
}

function cardAnswer(request: PortalRequest, values: FormValues, said: PortalCardAct): PageResponse {
  const { visitor } = request;
  const again = (field: string | null, message: string) =>
    addCardPage(visitor, { values, problem: { field, message }, challenge: null });
  switch (said.outcome) {
    case 'challenge':
      return addCardPage(visitor, { values, problem: null, challenge: said.setupIntent });
    case 'invalid':
      return again(cardFieldId(said.field), said.message);
    case 'done':
    case 'refused':
    case 'declined':
    case 'expired':
    case 'unknown_session':
      return answered(request, said, 'added', (problem) => again(null, problem));
  }
}
