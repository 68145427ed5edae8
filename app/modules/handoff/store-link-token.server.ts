import { createHash, createHmac } from 'node:crypto';

/**
 * The token of a link, from the API key that asks for it and the link's id: whoever asks again with the same key gets the
 * same token, and the database, which holds neither, cannot make it.
 */
export const tokenOfLink = (bearer: string, linkId: string): string =>
  createHmac('sha256', bearer).update(linkId).digest('base64url');

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
