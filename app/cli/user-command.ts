import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { appendAudit } from '../modules/audit/index.server';
import { createUser } from '../modules/auth/index.server';
import { assertNever } from '../platform/assert-never';
import { closeDb, createDb, type Tx } from '../platform/db.server';
import { withDatabase } from './database';
import { OperatorError } from './operator-error';

const roleSchema = z.enum(['customer', 'viewer', 'support', 'finance', 'admin']);

/** `user create`: a confirmed account, its password read from standard input or made and shown once. */
export async function userCommand(args: string[], say: (sentence: string) => void): Promise<void> {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { email: string, role: string, name: string, 'password-stdin': { type: 'boolean' } },
  });
  if (positionals.join(' ') !== 'create')
    throw new OperatorError('Usage: user create --email EMAIL --role ROLE');
  const role = roleSchema.safeParse(values.role);
  if (!role.success) throw new OperatorError(`--role must be one of ${roleSchema.options.join(', ')}.`);
  const email = values.email;
  if (email === undefined)
    throw new OperatorError('--email must be set, for example --email you@example.com.');
  const typed = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  const password = typed ?? randomBytes(12).toString('base64url');
  const name = values.name ?? email.split('@')[0] ?? email;
  const outcome = await withDatabase(async (url) => {
    const db = createDb(url, 2);
    const record = (tx: Tx, { userId }: { userId: string }) =>
      appendAudit(tx, { actor: 'cli', act: 'user.created', subject: userId, after: { role: role.data } });
    return createUser(db, { email, name, role: role.data, password, verified: true, record }).finally(() =>
      closeDb(db),
    );
  });
  switch (outcome.outcome) {
    case 'created':
      say(`Made ${outcome.userId}: ${email}, ${role.data}.`);
      if (typed === null) say(`Password, shown this once: ${password}`);
      return;
    case 'email_taken':
      throw new OperatorError(`An account with ${email} exists already; it was not changed.`);
    case 'invalid':
      throw new OperatorError(outcome.problems.join('\n'));
    default:
      return assertNever(outcome);
  }
}
