import { parseArgs } from 'node:util';
import { currentRealm, readObject, stripeSettings } from '../modules/stripe/index.server';
import { checkWithStripe } from '../modules/webhooks/index.server';
import { db } from '../platform/db.server';
import { dispatchFact } from '../worker/dispatch.server';
import { OperatorError } from './operator-error';
import { closeRooms } from './prepare-data';

const USAGE = 'Usage: check PAYMENT|CUSTOMER|EMAIL|STRIPE-ID --reason TEXT';

/**
 * `check`: reads at Stripe what hangs on it and settles it by the doors that events come to. The environment of this
 * process names the database and the account.
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
  const realm = await currentRealm();
  const settings = stripeSettings();
  const reader = {
    realmId: realm.id,
    readObject: (ref: Parameters<typeof readObject>[1]) => readObject(settings, ref),
  };
  const deps = { db: db(), reader, dispatch: dispatchFact };
  const check = { realm, about, actor: 'cli', reason };
  const checked = await checkWithStripe(deps, settings, check).finally(closeRooms);
  if (checked.outcome === 'unknown')
    throw new OperatorError(`Nothing goes by the name ${about} in ${realm.name}.`);
  if (checked.objects.length === 0)
    return say(`Stripe was never asked for anything about ${checked.subject}.`);
  for (const { id, became, detail } of checked.objects) say(`${became.padEnd(12)}${id}  ${detail}`);
  if (checked.isCut)
    say(
      `More hangs on it: only these ${String(checked.objects.length)} were read. Check what is older by its own id.`,
    );
}
