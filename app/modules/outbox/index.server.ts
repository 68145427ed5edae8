/**
 * The outbox: what the product is told. A message is written by a trigger in the transaction of its effect; what is on its
 * way to an endpoint is a row, tried until it is answered with 2xx or given up. At least once, in no promised order.
 */
export { addressFault, type AddressRules, addressRules } from './address.server';
export { addEndpoint, type AddEndpointOutcome } from './add-endpoint.server';
export { changeEndpoint, type ChangeEndpointOutcome, type EndpointChange } from './change-endpoint.server';
export { type EndpointView, listEndpoints } from './list-endpoints.server';
export { listMessages, type MessageView } from './list-messages.server';
export { listSendings, readSending, type SendingDetail, type SendingView } from './list-sendings.server';
export { MESSAGES, messageTypeSchema } from './messages.server';
export { post } from './post.server';
export { removeEndpoint, type RemoveEndpointOutcome } from './remove-endpoint.server';
export { replaySendings, type ReplaySendingsOutcome, type ReplayWish } from './replay-sendings.server';
export { rotateSecret, type RotateSecretOutcome } from './rotate-secret.server';
export { newSecret } from './secret.server';
export { sendPing, type SendPingOutcome } from './send-ping.server';
export { outboxRules } from './settings.server';
export { signedHeaders } from './sign.server';
export { type RunningSender, startSender } from './start-sender.server';
export { sweepOutbox } from './sweep-outbox.server';
export { eraseMessages, retireAnswers } from './erase-messages.server';
