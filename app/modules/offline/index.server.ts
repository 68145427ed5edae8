/**
 * Payments made outside Stripe: a wire, an invoice, a marketplace. Finance records one, a second person always approves it,
 * and `payments` settles it as any other sale. The database knows each reference of a channel once.
 */
export { approveOffline } from './approve-offline.server';
export { askOffline, type AskOfflineOutcome } from './ask-offline.server';
export { listOfflinePacks } from './list-packs.server';
export { previewOffline } from './preview-offline.server';
export { rejectOffline } from './reject-offline.server';
