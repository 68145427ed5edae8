import { MEND_REASON_LABEL } from '~/modules/webhooks/shared';
import { inWords } from './state-badges';

/** The texts of a selection's field, which holds one or several. */
function textsIn(selection: object, field: string): string[] {
  const value: unknown = Reflect.get(selection, field);
  return [value].flat().filter((text) => typeof text === 'string');
}

/** Which events a replay is of, in words. */
export function selectionWords(asked: unknown): string {
  if (typeof asked !== 'object' || asked === null) return 'Events';
  const ids = textsIn(asked, 'ids');
  if ('id' in asked) return 'One event, as it was seen';
  if (ids.length > 0) return ids.length === 1 ? 'One event' : `${ids.length} events, picked`;
  if ('dryRun' in asked) return 'Those of a dry run';
  const part = (field: string, before = ''): string => {
    const words = textsIn(asked, field).map(inWords).join(', ');
    return words === '' ? '' : before + words;
  };
  const day = (field: string, before: string): string =>
    textsIn(asked, field)
      .map((time) => before + time.slice(0, 10))
      .join();
  const parts = [
    part('status'),
    part('decision'),
    part('reason', 'because '),
    part('names', 'about '),
    part('type'),
    part('objectId', 'of '),
    part('source', 'by '),
    day('receivedFrom', 'since '),
    day('receivedBefore', 'before '),
  ].filter((words) => words !== '');
  return `All ${parts.join(' · ')}`;
}

/** A reason code as people read it; the CLI writes sentences. */
export const replayReason = (reason: string): string =>
  Object.entries(MEND_REASON_LABEL).find(([code]) => code === reason)?.[1] ?? reason;
