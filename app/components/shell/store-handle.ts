import { useMatches } from '@remix-run/react';

/** A page under the store whose loader knows the balance lends it to the header. */
export interface StoreHandle<Data = never> {
  balance: (data: Data) => bigint | undefined;
}

function balanceOf(handle: unknown, data: unknown): bigint | undefined {
  if (typeof handle !== 'object' || handle === null || !('balance' in handle)) return undefined;
  if (typeof handle.balance !== 'function' || data === undefined || data === null) return undefined;
  const balance: unknown = handle.balance(data);
  return typeof balance === 'bigint' ? balance : undefined;
}

/** The balance that the page on the screen lends. */
export function useLentBalance(): bigint | undefined {
  return useMatches()
    .map((match) => balanceOf(match.handle, match.data))
    .findLast((balance) => balance !== undefined);
}
