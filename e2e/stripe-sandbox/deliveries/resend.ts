import type { Settings } from '../settings';
import type { Store } from '../store/store';
import type { Dispatcher } from './dispatcher';
import { wants, type PlannableEndpoint } from './plan';

/** Where events go. */
export interface Targets {
  endpoints: PlannableEndpoint[];
  /** The sessions of `stripe listen`. */
  listeners: PlannableEndpoint[];
}

export type ResendTarget = 'everyone' | 'listeners' | { endpointId: string };

interface ResendOptions {
  store: Store;
  dispatcher: Dispatcher;
  targets: () => Targets;
  settings: () => Settings;
}

/** Sends an event again to those who want it; an endpoint that is named gets it in any case. */
export function createResend({ store, dispatcher, targets, settings }: ResendOptions) {
  return (eventId: string, to: ResendTarget): number => {
    const { type } = store.events.must(eventId);
    const { endpoints, listeners } = targets();
    const wanting = (some: PlannableEndpoint[]): PlannableEndpoint[] =>
      some.filter((endpoint) => wants(endpoint, type, settings().explicitEvents));
    const chosen =
      to === 'everyone'
        ? wanting([...endpoints, ...listeners])
        : to === 'listeners'
          ? listeners
          : endpoints.filter(({ id }) => id === to.endpointId);
    dispatcher.queue(
      chosen.map(({ id, url }) => ({
        eventId,
        eventType: type,
        endpointId: id,
        url,
        delayMs: 0,
        place: 0,
        nature: 'genuine',
        faults: [],
        apiVersion: null,
        refusals: 0,
        isDropped: false,
      })),
    );
    return chosen.length;
  };
}
