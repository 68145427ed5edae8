import { appendAudit, type Author } from '~/modules/audit/index.server';
import { listPricesToSync, recordStripePrice } from '~/modules/catalog/index.server';
import { ensureStripePrice, isPriceSellable, type StripeSettings } from '~/modules/stripe/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

export interface SyncReport {
  kept: number;
  made: number;
}

/**
 * Gives every catalogue price in force a Stripe price in this realm, and replaces those that its account no longer
 * sells. Running it again changes nothing. What a person had made is audited.
 * @throws StripeError when Stripe does not answer
 */
export async function syncCatalog(
  db: Db,
  settings: StripeSettings,
  realmId: string,
  author?: Author,
): Promise<SyncReport> {
  const report: SyncReport = { kept: 0, made: 0 };
  for (const { stripeId: known, code, ...price } of await listPricesToSync(db, realmId)) {
    if (known !== undefined && (await isPriceSellable(settings, known, price))) {
      report.kept += 1;
      continue;
    }
    const stripeId = await ensureStripePrice(settings, { ...price, realmId, itemCode: code });
    await recordStripePrice(db, { realmId, versionId: price.versionId, currency: price.currency, stripeId });
    report.made += 1;
  }
  if (author !== undefined && report.made > 0)
    await inTransaction(db, 'audit catalog', (tx) =>
      appendAudit(tx, { ...author, act: 'catalog.synced', subject: realmId, realmId, after: { ...report } }),
    );
  return report;
}
