import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from '@remix-run/node';

import { assertSameOrigin, authContext, proveIdentity, requireStaff } from '~/modules/auth/index.server';
import { proofSchema, tooManyTries, UNREADABLE_CODE } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

/** Nothing to see: the proof is asked for where an act needs it. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin');
}

interface ProofReply {
  isProven: boolean;
  error?: string;
  /** Where the error belongs; without it, to the password. */
  field?: 'code';
}
const answer = (reply: ProofReply, init?: ResponseInit) => data<ProofReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireStaff(request, 'viewer');
  const form = proofSchema.safeParse(Object.fromEntries(await request.formData()));
  if (!form.success) return answer({ isProven: false, error: 'Enter your password.' }, { status: 422 });
  const proof = await proveIdentity(authContext(), { user, ...form.data });
  switch (proof.outcome) {
    case 'proven':
      return answer({ isProven: true });
    case 'wrong_password':
      return answer({ isProven: false, error: 'That is not your password.' }, { status: 422 });
    case 'wrong_code': {
      const error = 'That code is not right, or was used before.';
      return answer({ isProven: false, error, field: 'code' }, { status: 422 });
    }
    case 'unreadable':
      return answer({ isProven: false, error: UNREADABLE_CODE, field: 'code' }, { status: 409 });
    case 'limited': {
      const { retryAfterSeconds } = proof;
      const headers = { 'Retry-After': String(retryAfterSeconds) };
      return answer({ isProven: false, error: tooManyTries(retryAfterSeconds) }, { status: 429, headers });
    }
    default:
      return assertNever(proof);
  }
}
