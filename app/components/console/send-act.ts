import {
  type ClientActionFunctionArgs,
  isRouteErrorResponse,
  type ShouldRevalidateFunctionArgs,
} from '@remix-run/react';

import { type ActReply } from './act-reply';

/**
 * The `clientAction` of every page with an ActDialog: an answer that does not come is told as one that is not known,
 * instead of as a broken page. What the server says by a status is thrown on to the page.
 */
export async function sendAct({ serverAction }: ClientActionFunctionArgs): Promise<ActReply> {
  try {
    return await serverAction<ActReply>();
  } catch (error) {
    if (error instanceof Response || isRouteErrorResponse(error)) throw error;
    return { outcome: 'unheard' };
  }
}

/** The `shouldRevalidate` of the pages around a dialog: while the server is not heard the page stays as it stands. */
export function unlessUnheard({
  actionResult,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs): boolean {
  return isUnheard(actionResult) ? false : defaultShouldRevalidate;
}

const isUnheard = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'outcome' in result && result.outcome === 'unheard';
