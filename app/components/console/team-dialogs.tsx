import UserPlus from 'lucide-react/icons/user-plus';
import { useState } from 'react';
import { SelectField, TextField } from '~/components/ui/field';
import {
  ROLE_LABELS,
  STAFF_ROLES,
  type StaffRole,
  TEAM_INTENTS,
  TEAM_REASON_LABELS,
  TEAM_REASONS,
} from '~/modules/auth/shared';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';

const REASONS = TEAM_REASONS.map((value) => ({ value, label: TEAM_REASON_LABELS[value] }));

const MAY: Record<StaffRole, string> = {
  viewer: 'reads the console',
  support: 'reads, and acts for customers within limits',
  finance: 'support, and approvals and offline payments',
  admin: 'all of it, and the settings',
};
const ROLES = STAFF_ROLES.map((value) => ({ value, label: `${ROLE_LABELS[value]}: ${MAY[value]}` }));

export interface Person {
  id: string;
  name: string;
  email: string;
  role: StaffRole;
}

export function InviteDialog() {
  return (
    <ActDialog
      opener={{ label: 'Invite', icon: UserPlus, variant: 'primary' }}
      title="Invite somebody to the team"
      description="They get a mail with a link to choose a password. Every admin is told."
      intent={TEAM_INTENTS.invite}
      reasons={REASONS}
      submitLabel="Send the invitation"
      pendingLabel="Sending…"
    >
      {(errors: ActErrors) => (
        <>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autoComplete="off"
            errors={errors['email']}
            required
          />
          <TextField label="Name" name="name" autoComplete="off" errors={errors['name']} required />
          <SelectField
            label="Role"
            name="role"
            defaultValue="viewer"
            errors={errors['role']}
            options={ROLES}
          />
        </>
      )}
    </ActDialog>
  );
}

export function RoleDialog({ person }: { person: Person }) {
  const [to, setTo] = useState<string>(person.role);
  const after = STAFF_ROLES.find((role) => role === to) ?? person.role;
  return (
    <ActDialog
      opener={{ label: 'Change role', size: 'sm' }}
      title={`What ${person.name} may do`}
      description="It holds from their next click on. Every admin is told."
      intent={TEAM_INTENTS.changeRole}
      hidden={{ user: person.id, from: person.role }}
      reasons={REASONS}
      submitLabel={after === person.role ? 'Change role' : `Make them ${ROLE_LABELS[after]}`}
      pendingLabel="Changing…"
      isBarred={after === person.role}
    >
      {(errors: ActErrors) => (
        <>
          <SelectField
            label="Role"
            name="to"
            value={to}
            onChange={(event) => setTo(event.target.value)}
            errors={errors['to']}
            options={ROLES}
          />
          <BeforeAfter
            label="What changes"
            changes={[{ label: 'Role', before: ROLE_LABELS[person.role], after: ROLE_LABELS[after] }]}
          />
        </>
      )}
    </ActDialog>
  );
}

export function RemoveDialog({ person }: { person: Person }) {
  return (
    <ActDialog
      opener={{ label: 'Remove', size: 'sm' }}
      title={`Remove ${person.name} from the team`}
      description="Their log-ins end at once, their two-step log-in is void and the console is closed to them. What they did stays in the audit log. They can be invited again."
      intent={TEAM_INTENTS.remove}
      hidden={{ user: person.id, from: person.role }}
      reasons={REASONS}
      submitLabel={`Remove ${person.email}`}
      pendingLabel="Removing…"
      isDanger
    />
  );
}

export function EndSessionsDialog({ person }: { person: Person }) {
  return (
    <ActDialog
      opener={{ label: 'End log-ins', size: 'sm' }}
      title={`Log ${person.name} out everywhere`}
      description="They can log in again with their password."
      intent={TEAM_INTENTS.endSessions}
      hidden={{ user: person.id }}
      reasons={REASONS}
      submitLabel="End their log-ins"
      pendingLabel="Ending…"
    />
  );
}

export function ResetTwoStepDialog({ person }: { person: Person }) {
  return (
    <ActDialog
      opener={{ label: 'Reset two-step', size: 'sm' }}
      title={`Reset the two-step log-in of ${person.name}`}
      description="For a lost phone without recovery codes: be sure that it is them who asks. Until they set it up anew, their password alone opens their account. They and every admin are told by mail, and their log-ins end."
      intent={TEAM_INTENTS.resetTwoStep}
      hidden={{ user: person.id }}
      reasons={REASONS}
      submitLabel="Reset it"
      pendingLabel="Resetting…"
      isDanger
    />
  );
}

export function WithdrawDialog({ invite }: { invite: { id: string; email: string } }) {
  return (
    <ActDialog
      opener={{ label: 'Withdraw', size: 'sm' }}
      title={`Withdraw the invitation of ${invite.email}`}
      description="The link in their mail opens nothing any more."
      intent={TEAM_INTENTS.withdraw}
      hidden={{ invite: invite.id }}
      reasons={REASONS}
      submitLabel="Withdraw it"
      pendingLabel="Withdrawing…"
    />
  );
}
