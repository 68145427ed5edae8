import { eraseRequests } from '~/modules/approvals/index.server';
import { eraseAudit } from '~/modules/audit/index.server';
import { eraseCards } from '~/modules/credits/index.server';
import { type Eraser, type Retirer } from '~/modules/customers/index.server';
import { type Retained } from '~/modules/customers/shared';
import { eraseLinks } from '~/modules/handoff/index.server';
import { eraseMails, retireMails } from '~/modules/mail/index.server';
import { redactNotes } from '~/modules/notes/index.server';
import { eraseMessages, retireAnswers } from '~/modules/outbox/index.server';
import { erasePayer } from '~/modules/payments/index.server';
import { eraseCalls } from '~/modules/stripe/index.server';
import { eraseSubscriber } from '~/modules/subscriptions/index.server';
import { retireEvents, retireSenders } from '~/modules/webhooks/index.server';

/** Every room with rows that name people takes a deleted one out of them. The audit is last: the others' acts stand in it. */
export const ERASERS: Readonly<Record<string, Eraser>> = {
  payments: erasePayer,
  plans: eraseSubscriber,
  cards: eraseCards,
  'store links': eraseLinks,
  notes: (tx, { customerId }) => redactNotes(tx, customerId),
  mails: eraseMails,
  messages: eraseMessages,
  calls: eraseCalls,
  approvals: eraseRequests,
  'audit bodies': eraseAudit,
};

/** Which room takes out what was kept long enough. */
export const RETIRERS: Readonly<Record<Retained, Retirer>> = {
  delivery_sender: retireSenders,
  event_payload: retireEvents,
  mail: (tx, { before }) => retireMails(tx, before),
  sending_answer: retireAnswers,
};
