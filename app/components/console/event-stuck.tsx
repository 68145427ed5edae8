import { ButtonLink } from '~/components/ui/button';
import { Amount } from '~/components/money/amount';
import { type CatalogChoice, type EventView, type StuckView } from '~/modules/admin/shared';
import { hasRole, type StaffRole } from '~/modules/auth/shared';
import { AssignDialog } from './assign-dialog';
import { DismissDialog } from './dismiss-dialog';
import { type SeenRef } from './event-acts';
import { faultWords } from './fault-words';
import { CustomerDialog, PriceDialog } from './mend-dialogs';
import { ReplayOne } from './replay-dialog';
import { inWords, startingLarge } from './state-badges';

export interface EventStuckProps {
  event: EventView;
  stuck: StuckView;
  role: StaffRole;
  choices: readonly CatalogChoice[];
  limit: bigint | undefined;
}

/** What holds an event, what it means for the customer, and what mends it, with the likeliest act first. */
export function EventStuck(props: EventStuckProps) {
  const { event, stuck, role } = props;
  const words = faultWords(stuck.code ?? event.reason, stuck.names);
  const seen = { realmId: event.realm.id, eventId: event.id, run: event.run };
  const isMoney = stuck.money !== null;
  return (
    <section
      aria-label="What holds it"
      className="mb-6 rounded border border-warn bg-surface-raised px-4 py-4 sm:px-5"
    >
      <h2 className="text-base font-semibold">{words.happened}</h2>
      <dl className="mt-2 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
        <dt className="text-text-muted">For the customer</dt>
        <dd>
          {words.customer}
          {stuck.money === null ? null : (
            <>
              {' '}
              It is about <Amount minor={stuck.money.amount} currency={stuck.money.currency} />.
            </>
          )}
        </dd>
        <dt className="text-text-muted">What to do</dt>
        <dd>{words.next}</dd>
        {stuck.detail === null ? null : (
          <>
            <dt className="text-text-muted">In detail</dt>
            <dd className="[overflow-wrap:anywhere]">{startingLarge(inWords(stuck.detail))}</dd>
          </>
        )}
      </dl>
      {hasRole(role, 'support') ? (
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <Fixes {...props} seen={seen} />
          {isMoney && !hasRole(role, 'finance') ? (
            <p className="text-sm text-text-muted">Settled money is finance’s to dismiss.</p>
          ) : (
            <DismissDialog opener={{ label: 'Dismiss…' }} events={[seen]} isMoney={isMoney} mayDismissMoney />
          )}
        </div>
      ) : (
        <p className="mt-3 text-sm text-text-muted">Support and above can mend it; you may look.</p>
      )}
    </section>
  );
}

/** The fix that its fault proposes, then what is always possible. */
function Fixes({ event, stuck, role, choices, limit, seen }: EventStuckProps & { seen: SeenRef }) {
  const code = stuck.code ?? event.reason;
  const { fix } = faultWords(code, stuck.names);
  const [payment] = event.payments;
  const mend = { seen, others: 0, code };
  const replay = <ReplayOne seen={seen} isPrimary={fix === 'replay'} />;
  switch (fix) {
    case 'price':
      return (
        <>
          {hasRole(role, 'finance') ? (
            <PriceDialog {...mend} stripePrice={stuck.names ?? ''} money={stuck.money} choices={choices} />
          ) : (
            <p className="text-sm text-text-muted">What a price sells is finance’s to say.</p>
          )}
          {replay}
        </>
      );
    case 'customer':
      return (
        <>
          <CustomerDialog {...mend} stripeCustomer={stuck.names ?? ''} likely={stuck.customer} />
          {replay}
        </>
      );
    case 'assign':
      return (
        <>
          <AssignDialog
            seen={seen}
            money={stuck.money}
            likely={stuck.customer}
            choices={choices}
            limit={limit}
          />
          {replay}
        </>
      );
    case 'payment':
      return (
        <>
          {payment === undefined ? null : (
            <ButtonLink to={`/admin/payments/${payment.id}`} variant="primary" prefetch="intent">
              Decide on its payment
            </ButtonLink>
          )}
          {replay}
        </>
      );
    case 'replay':
      return replay;
  }
}
