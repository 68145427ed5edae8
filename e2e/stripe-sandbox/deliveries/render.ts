import type { EventRecord } from '../store/records';
import type { Store } from '../store/store';
import { pastOf } from '../versions/past';
import { previousFor, shapeFor } from '../versions/shapes';

export interface EventView {
  livemode: boolean;
  /** The version whose shapes the event shows. */
  apiVersion: string;
  pendingWebhooks: number;
}

/** The event as the API and the deliveries show it. */
export function renderEvent(store: Store, event: EventRecord, view: EventView): object {
  const past = pastOf(store);
  const { object, previous } = event;
  return {
    id: event.id,
    object: 'event',
    api_version: view.apiVersion,
    created: event.created,
    data: {
      object: shapeFor(view.apiVersion, object, past),
      ...(previous && { previous_attributes: previousFor(view.apiVersion, object, previous, past) }),
    },
    livemode: view.livemode,
    pending_webhooks: view.pendingWebhooks,
    request: event.request,
    type: event.type,
  };
}
