/**
 * Accounts' room: who asks, and what they may. Guards are the first line of every loader; an action begins with
 * `assertSameOrigin`. Tokens are stored as hashes only. No answer tells whether an address has an account.
 */
export { type AuthContext, authContext } from './auth-context.server';
export { changeRole } from './change-role.server';
export { changePassword, type ChangePasswordOutcome } from './change-password.server';
export { type Client, clientOf } from './client.server';
export { closeCustomer, type CloseCustomerOutcome, reopenCustomer } from './close-customer.server';
export { confirmEmail, type ConfirmEmailOutcome, readConfirmation } from './confirm-email.server';
export { createUser, type CreateUserOptions, type CreateUserOutcome } from './create-user.server';
export { ensureCustomer, keepContact } from './ensure-customer.server';
export { endStaffSessions, resetTotp } from './end-staff-access.server';
export { eraseCustomer } from './erase-customer.server';
export { beginTotp, confirmTotp, type TotpSetup } from './enrol-totp.server';
export { endTotp } from './end-totp.server';
export { actingStaff, currentUser, currentVisitor } from './guards.server';
export { requireCustomer, requireStaff, requireUser } from './guards.server';
export { endedHandOff, leadBack, storeBook } from './hand-off-guards.server';
export { startHandOff } from './hand-offs.server';
export { inviteStaff, withdrawInvite } from './invite-staff.server';
export { joinStaff, readInvite } from './join-staff.server';
export { limitCheckout, limitStoreLink } from './limit-requests.server';
export { listTeam, type TeamView } from './list-team.server';
export { logIn, type LogInOutcome } from './log-in.server';
export { finishLogIn, isLogInStep } from './log-in-step.server';
export { logOut } from './log-out.server';
export { proveIdentity, type ProveIdentityOutcome } from './prove-identity.server';
export { type LimitOutcome } from './rate-limits.server';
export { recoveryCodesLeft } from './recovery-codes.server';
export { renewRecoveryCodes } from './renew-recovery-codes.server';
export { requestReset, type RequestMailOutcome, resendConfirmation } from './request-mail.server';
export { readReset, resetPassword, type ResetPasswordOutcome } from './reset-password.server';
export { safeRedirect } from './safe-redirect.server';
export { assertSameOrigin } from './same-origin.server';
export { clearSessionToken, readSessionToken, writeSessionToken } from './session-cookie.server';
export { clearStepToken, readStepToken, writeStepToken } from './session-cookie.server';
export { endSession, endSessions, listSessions, type SessionView } from './sessions.server';
export { signUp, type SignUpOutcome } from './sign-up.server';
export { callThem, shopperOf, wayBackTo } from './visitors.server';
