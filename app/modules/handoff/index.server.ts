/**
 * Hand-off: the product's backend mints a store link, and who opens it shops here as that customer, without a password.
 * A link is bound to its customer, book and way back, works once and for two minutes. Sessions and customers belong to
 * `auth`; this room only decides that one begins.
 */
export {
  createStoreLink,
  type CreateStoreLinkOptions,
  type CreateStoreLinkOutcome,
} from './create-store-link.server';
export { openStoreLink, type OpenStoreLinkOutcome } from './open-store-link.server';
export { readStoreLink } from './read-store-link.server';
export { eraseLinks } from './erase-links.server';
