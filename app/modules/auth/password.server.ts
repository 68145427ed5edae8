import { hash, verify } from '@node-rs/argon2';

// Argon2id, the library's default, with OWASP's first parameters.
const COST = { memoryCost: 19456, timeCost: 2, parallelism: 1 };

/** The hash of a random password that nobody knows, made with the same cost. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$LggVKC8bX676TNG967JQ+w$JVz4hB0ycLWbZxjELbTwPWWItCRL8BJpgJSNVTGz5Yc';

/** One text, one password: what two keyboards compose differently is made equal first. */
const canonical = (password: string) => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(canonical(password), COST);

/** Does the same work whether there is a hash or not: the time of the answer names no account. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? NOBODY, canonical(password));
  return matches && passwordHash !== undefined;
}
