import { lookAtPortal } from '~/modules/stripe/index.server';

import { type Check, type Checked, type Found, NO_REALM, NOT_ASKED, type Patient } from '../patient.server';

/** Why nothing could be asked of Stripe; undefined when it answers. */
export function notAnswered({ look }: Patient): { skipped: string } | undefined {
  if (look === undefined) return NOT_ASKED;
  if (look.account.outcome === 'key_refused') return { skipped: 'Stripe does not take the key' };
  if (look.account.outcome === 'unreachable') return { skipped: 'Stripe does not answer' };
  return undefined;
}

function checkKey({ look, env }: Patient): Checked {
  if (look === undefined) return NOT_ASKED;
  const { account } = look;
  if (account.outcome === 'key_refused')
    return [{ code: 'key_refused', said: `Stripe says: ${account.message}` }];
  if (account.outcome === 'unreachable')
    return [{ code: 'stripe_unreachable', said: `Stripe was not reached: ${account.message}` }];
  const lacks = account.outcome === 'forbidden' ? ['Account: Read', ...look.lacks] : look.lacks;
  const found: Found[] = lacks.map((permission) => ({
    code: 'key_lacks_permission',
    subject: permission,
    said: `The restricted key lacks “${permission}”.`,
  }));
  if (look.mode === 'test' && env.CREDENCE_MODE === 'production')
    found.push({
      code: 'key_test_in_production',
      said: 'A test key in production: customers pay with test cards and get test credits.',
    });
  return found;
}

function checkAccount(patient: Patient): Checked {
  const { look } = patient;
  const silent = notAnswered(patient);
  if (silent !== undefined || look === undefined) return silent ?? NOT_ASKED;
  if (look.account.outcome !== 'read') return { skipped: 'the key may not read its account' };
  const { id, name, mayCharge } = look.account.value;
  const found: Found[] = [];
  if (name === undefined)
    found.push({
      code: 'account_unnamed',
      subject: id,
      said: `${id} has no name: Checkout refuses every purchase.`,
    });
  if (!mayCharge && look.mode === 'live')
    found.push({
      code: 'account_cannot_charge',
      subject: id,
      said: `Stripe lets ${id} take no payments yet.`,
    });
  return found;
}

function checkTax(patient: Patient): Checked {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const tax = patient.look?.tax;
  if (tax === undefined) return [];
  if (tax.outcome !== 'read') return { skipped: `Stripe Tax was not read: ${tax.message}` };
  if (tax.value.isSetUp && tax.value.registrations > 0) return [];
  return [
    {
      code: 'tax_not_ready',
      said: tax.value.isSetUp
        ? 'STRIPE_TAX is on, and there is no registration: no tax is added anywhere.'
        : 'STRIPE_TAX is on, and Stripe Tax is not set up: Checkout refuses every purchase.',
    },
  ];
}

async function checkPortal(patient: Patient): Promise<Checked> {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { db, settings, realm } = patient;
  if (realm === undefined) return NO_REALM;
  const look = await lookAtPortal(db, settings, realm.id);
  switch (look.state) {
    case 'as_it_should':
      return [];
    case 'unread':
      return { skipped: `the portal was not read: ${look.message}` };
    case 'none':
      return (await db.catalogItem.count({ where: { kind: 'plan', onSale: true } })) === 0
        ? []
        : [
            {
              code: 'portal_missing',
              said: 'Plans are for sale and the portal has no configuration yet: the first visitor waits for it.',
            },
          ];
    case 'changed':
      return [
        {
          code: 'portal_changed',
          subject: look.id,
          said: `Somebody changed the portal: ${look.differences.join('; ')}.`,
        },
      ];
  }
}

export const STRIPE_CHECKS: readonly Check[] = [
  {
    codes: ['key_refused', 'stripe_unreachable', 'key_lacks_permission', 'key_test_in_production'],
    run: checkKey,
  },
  { codes: ['account_unnamed', 'account_cannot_charge'], run: checkAccount },
  { codes: ['tax_not_ready'], run: checkTax },
  { codes: ['portal_missing', 'portal_changed'], run: checkPortal },
];
