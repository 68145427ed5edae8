/** What is left of Stripe's objects when nobody is named in them. */
export { type Keep, keepFields } from './keep-fields';
export { makePseudonyms, type Pseudonyms, THEMSELVES } from './pseudonyms';
export { readNameless } from './read-nameless.server';
export { type NamelessEvent, namelessEvent, redactPayload } from './redact-payload';
