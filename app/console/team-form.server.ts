import * as z from 'zod/mini';
import { emailSchema, nameSchema, STAFF_ROLES, TEAM_REASONS } from '~/modules/auth/shared';
import { actFields } from './act-form.server';

const act = actFields(TEAM_REASONS);
const role = z.enum(STAFF_ROLES, { error: 'Choose a role.' });
const id = z.string().check(z.maxLength(60));
export const inviteForm = z.object({ ...act, email: emailSchema, name: nameSchema, role });
export const withdrawForm = z.object({ ...act, invite: id });
export const roleForm = z.object({ ...act, user: id, from: role, to: role });
export const removeForm = z.object({ ...act, user: id, from: role });
export const personForm = z.object({ ...act, user: id });
