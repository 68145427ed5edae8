/** Where a payment was made that Stripe knows nothing of. */
export const OFFLINE_CHANNELS = ['wire', 'invoice', 'marketplace', 'other'] as const;
export type OfflineChannel = (typeof OFFLINE_CHANNELS)[number];

export const OFFLINE_CHANNEL_LABEL: Record<OfflineChannel, string> = {
  wire: 'Bank transfer',
  invoice: 'Invoice',
  marketplace: 'Marketplace',
  other: 'Elsewhere',
};

/** Why staff record it. Gifts are adjustments: they are no revenue. */
export const OFFLINE_REASONS = ['contract', 'no_card', 'marketplace_order', 'other'] as const;

export const OFFLINE_REASON_LABEL: Record<(typeof OFFLINE_REASONS)[number], string> = {
  contract: 'Agreed in a contract',
  no_card: 'The customer does not pay by card',
  marketplace_order: 'Ordered at a marketplace',
  other: 'Something else',
};

/** A pack that can be sold, in its version in force. Prices by currency, in smallest units. */
export interface OfflinePack {
  versionId: string;
  name: string;
  credits: bigint;
  prices: { currency: string; amount: bigint }[];
}
