import { Form } from '@remix-run/react';

import { Badge } from '~/components/ui/badge';
import { ButtonLink, ButtonRow, SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Notice } from '~/components/ui/notice';
import { TimeAgo } from '~/components/ui/time';
import { PAUSE_WORDS, TOP_UP_INTENTS, type TopUpPurchase, type TopUpView } from '~/modules/credits/shared';

import { Amount } from './amount';
import { Credits } from './credits';
import { cardName, PURCHASE_STATE, TOP_UP_STATE } from './top-up-words';

/** How a top-up stands: what is agreed to, why it waits, what this month has cost. */
export function TopUpStatus({ topUp, isOffered }: { topUp: TopUpView; isOffered: boolean }) {
  const { word, tone } = TOP_UP_STATE[topUp.state];
  const { terms, card, pause } = topUp;
  return (
    <Card title="How it stands" actions={<Badge tone={tone}>{word}</Badge>}>
      {pause === undefined ? null : <Paused pause={pause} isOffered={isOffered} />}
      {pause === undefined && !isOffered ? (
        <Notice tone="warn" className="mb-4" title="Nothing is bought at the moment">
          {sentence(PAUSE_WORDS.not_offered.what)} {PAUSE_WORDS.not_offered.act}
        </Notice>
      ) : null}
      {topUp.month?.isReached === true && topUp.state === 'on' && isOffered ? (
        <Notice tone="warn" className="mb-4" title="This month’s limit is reached">
          One more pack would go beyond it. Buying goes on by itself when the next month begins, or when you
          raise the limit.
        </Notice>
      ) : null}
      {terms === undefined ? null : (
        <FactList>
          <Fact label="Buys">
            {terms.packName}: <Credits value={terms.credits} unit /> for{' '}
            <Amount minor={terms.amount} currency={terms.currency} />
          </Fact>
          <Fact label="When">
            fewer than <Credits value={terms.threshold} unit /> are left
          </Fact>
          {card === undefined ? null : (
            <Fact label="Card">
              {cardName(card)}, until {String(card.expMonth).padStart(2, '0')}/{card.expYear}
            </Fact>
          )}
          {topUp.month === undefined ? null : (
            <Fact label="This month">
              <Amount minor={topUp.month.used} currency={topUp.month.currency} /> of{' '}
              <Amount minor={topUp.month.cap} currency={topUp.month.currency} />
              {topUp.month.ofOthers === 0n ? null : (
                <span className="block text-xs text-text-muted">
                  Of this, <Amount minor={topUp.month.ofOthers} currency={topUp.month.currency} /> stands for
                  what was bought in another currency, by its credits.
                </span>
              )}
            </Fact>
          )}
        </FactList>
      )}
      <Form method="post" className="mt-4 border-t pt-4">
        <ButtonRow>
          {topUp.state === 'waiting' && isOffered && topUp.cardPage !== undefined ? (
            <ButtonLink to={topUp.cardPage} reloadDocument variant="primary">
              Save a card on Stripe’s page
            </ButtonLink>
          ) : null}
          <SubmitButton name="intent" value={TOP_UP_INTENTS.off} pendingLabel="Switching off…">
            Switch it off
          </SubmitButton>
        </ButtonRow>
      </Form>
    </Card>
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Paused({ pause, isOffered }: { pause: NonNullable<TopUpView['pause']>; isOffered: boolean }) {
  const { title, what, act } = PAUSE_WORDS[pause.reason];
  return (
    <Notice tone="bad" className="mb-4" title={`Paused: ${title}`}>
      <p>{sentence(what)}</p>
      {pause.detail === null ? null : (
        <p className="mt-1.5">
          {pause.reason === 'declined' ? `The answer was: “${pause.detail}”` : pause.detail}
        </p>
      )}
      <p className="mt-1.5">{isOffered ? `${act} Use the form below.` : PAUSE_WORDS.not_offered.act}</p>
      <p className="mt-1.5 text-xs text-text-muted">
        Paused <TimeAgo at={pause.at} />
      </p>
    </Notice>
  );
}

/** The latest automatic purchases, each a link to its payment. */
export function TopUpPurchases({
  purchases,
  isMailed,
}: {
  purchases: readonly TopUpPurchase[];
  /** Whether there is an address to write to. */
  isMailed: boolean;
}) {
  return (
    <Card title="Latest automatic purchases" flush>
      {purchases.length === 0 ? (
        <p className="px-4 py-3 text-sm text-text-muted">
          {isMailed
            ? 'None yet. Each one appears here, in your history, and comes with a mail.'
            : 'None yet. Each one appears here and in your history.'}
        </p>
      ) : (
        <DataTable label="Latest automatic purchases" minWidth="none">
          <THead>
            <Th>Credits</Th>
            <Th>State</Th>
            <Th numeric>Amount</Th>
          </THead>
          <TBody>
            {purchases.map((purchase) => (
              <Tr key={purchase.paymentId}>
                <Td className="py-3">
                  <RowLink to={`/payments/${purchase.paymentId}`}>
                    <Credits value={purchase.credits} unit />
                  </RowLink>
                  <span className="block text-xs text-text-muted">
                    <TimeAgo at={purchase.at} />
                  </span>
                </Td>
                <Td>
                  <Badge tone={PURCHASE_STATE[purchase.state].tone}>
                    {PURCHASE_STATE[purchase.state].word}
                  </Badge>
                </Td>
                <Td numeric>
                  <Amount minor={purchase.amount} currency={purchase.currency} />
                </Td>
              </Tr>
            ))}
          </TBody>
        </DataTable>
      )}
    </Card>
  );
}
