import type { EventRecord } from '../store/records';

/** The event as the API and the deliveries show it. */
export function renderEvent(
  event: EventRecord,
  livemode: boolean,
  apiVersion: string | null,
  pendingWebhooks: number,
): object {
  return {
    id: event.id,
    object: 'event',
    api_version: apiVersion,
    created: event.created,
    data: { object: event.object, ...(event.previous && { previous_attributes: event.previous }) },
    livemode,
    pending_webhooks: pendingWebhooks,
    request: event.request,
    type: event.type,
  };
}
