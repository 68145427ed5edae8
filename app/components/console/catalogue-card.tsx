import Pencil from 'lucide-react/icons/pencil';
import Power from 'lucide-react/icons/power';
import { Badge } from '~/components/ui/badge';
import { ButtonRow } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { TimeAgo } from '~/components/ui/time';
import { type CatalogItemView, type CatalogVersionView } from '~/modules/catalog/shared';
import { formatMoney } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { CatalogueFields } from './catalogue-fields';
import { changedIn, factsOf } from './catalogue-words';
import { useConsole } from './console-context';
import { SETTING_REASON_OPTIONS } from './setting-reasons';
import { StripeId } from './stripe-id';

/** One pack or plan: the version in force, its prices at Stripe, its history, and the acts on it. */
export function CatalogueCard({ item, mayAct }: { item: CatalogItemView; mayAct: boolean }) {
  const { realm } = useConsole();
  const [inForce] = item.versions;
  if (inForce === undefined) return null;
  return (
    <Card
      title={inForce.name}
      description={`${item.kind === 'pack' ? 'Pack' : 'Plan'} ${item.code}, version ${inForce.n}`}
      actions={<Badge tone={item.onSale ? 'ok' : 'idle'}>{item.onSale ? 'On sale' : 'Not on sale'}</Badge>}
    >
      <FactList>
        {factsOf(inForce)
          .filter(({ label }) => label !== 'Name' && label !== 'Prices')
          .map(({ label, words }) => (
            <Fact key={label} label={label}>
              {words}
            </Fact>
          ))}
        {inForce.prices.map(({ currency, amount, stripePrice }) => (
          <Fact key={currency} label={currency.toUpperCase()}>
            <span className="inline-flex flex-wrap items-center justify-end gap-2">
              {formatMoney(amount, currency)}
              {stripePrice === null ? (
                <Badge tone="warn">Not at Stripe yet</Badge>
              ) : (
                <StripeId id={stripePrice} label="Stripe price" realm={realm} />
              )}
            </span>
          </Fact>
        ))}
      </FactList>
      {mayAct ? <ItemActs item={item} inForce={inForce} /> : null}
      <History item={item} />
    </Card>
  );
}

function ItemActs({ item, inForce }: { item: CatalogItemView; inForce: CatalogVersionView }) {
  const { code, kind, onSale } = item;
  return (
    <div className="mt-3">
      <ButtonRow>
        <ActDialog
          opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
          title={`Change ${inForce.name}`}
          description="It becomes a new version. Payment pages that are open, and plans that go on, keep the version they were made with."
          intent="change"
          hidden={{ code, kind, seen: inForce.id, interval: inForce.interval ?? '' }}
          reasons={SETTING_REASON_OPTIONS}
          submitLabel="Make the new version"
          pendingLabel="Making it…"
          width="lg"
        >
          {(errors) => <CatalogueFields item={item} errors={errors} />}
        </ActDialog>
        <ActDialog
          opener={{ label: onSale ? 'Take off sale' : 'Put on sale', icon: Power, size: 'sm' }}
          title={onSale ? `Take ${inForce.name} off sale?` : `Put ${inForce.name} on sale?`}
          description={
            onSale
              ? 'Nobody can begin to buy it. Payment pages that are open can be paid, and plans go on.'
              : 'The store shows it in every currency that has its price at Stripe.'
          }
          intent={onSale ? 'off_sale' : 'on_sale'}
          hidden={{ code }}
          reasons={SETTING_REASON_OPTIONS}
          submitLabel={onSale ? 'Take it off sale' : 'Put it on sale'}
          pendingLabel="One moment…"
          isDanger={onSale}
        />
      </ButtonRow>
    </div>
  );
}

function History({ item: { code, versions } }: { item: CatalogItemView }) {
  if (versions.length < 2) return null;
  return (
    <details className="mt-4">
      <summary className="cursor-pointer text-sm text-text-muted hover:text-text">
        {versions.length} versions
      </summary>
      <div className="-mx-4 mt-2 border-t">
        <DataTable label={`Versions of ${code}`} minWidth="none">
          <THead>
            <Th numeric>No.</Th>
            <Th>What changed</Th>
            <Th numeric>Made</Th>
          </THead>
          <TBody>
            {versions.map((version, index) => (
              <Tr key={version.id}>
                <Td numeric>{version.n}</Td>
                <Td wraps className="w-full py-2">
                  {changedIn(version, versions[index + 1])}
                </Td>
                <Td numeric>
                  <TimeAgo at={version.createdAt} />
                </Td>
              </Tr>
            ))}
          </TBody>
        </DataTable>
      </div>
    </details>
  );
}
