import { parseArgs } from 'node:util';
import { heldRealms } from '../modules/stripe/index.server';
import { checkAbout } from '../modules/webhooks/index.server';
import { db } from '../platform/db.server';
import { dispatchFact } from '../worker/dispatch.server';
import { OperatorError } from './operator-error';
import { closeRooms } from './prepare-data';

const USAGE = 'Usage: check PAYMENT|CUSTOMER|EMAIL|STRIPE-ID --reason TEXT';

/**
 * `check`: reads at Stripe what hangs on it and settles it by the doors that events come to. The environment of this
 * process names the database and the accounts.
 * @throws OperatorError when the words fit nothing
 */
export async function checkCommand(args: string[], say: (sentence: string) => void): Promise<void> {
  const options = { reason: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [about, ...others] = positionals;
  const { reason = '' } = values;
  if (about === undefined || others.length > 0) throw new OperatorError(USAGE);
  if (reason.trim() === '')
    throw new OperatorError(`--reason must say why: it is kept in the audit.\n${USAGE}`);
  const realms = await heldRealms();
  const deps = { db: db(), dispatch: dispatchFact };
  const checked = await checkAbout(deps, { realms, about, actor: 'cli', reason }).finally(closeRooms);
  if (checked.outcome === 'unknown')
    throw new OperatorError(
      `Nothing goes by the name ${about} in ${realms.map(({ realm }) => realm.name).join(', ')}.`,
    );
  if (checked.outcome === 'no_key')
    throw new OperatorError(
      `${about} belongs to ${checked.keyless.join(', ')}, and no key of that account is held: put it into STRIPE_FORMER_REALMS.`,
    );
  if (checked.objects.length === 0)
    return say(`Stripe was never asked for anything about ${checked.subject}.`);
  for (const { id, became, detail } of checked.objects) say(`${became.padEnd(12)}${id}  ${detail}`);
  if (checked.keyless.length > 0)
    say(`More of it stands in ${checked.keyless.join(', ')}, whose key is not held: it was not asked.`);
  if (checked.isCut)
    say(
      `More hangs on it: only these ${String(checked.objects.length)} were read. Check what is older by its own id.`,
    );
}
