import Pencil from 'lucide-react/icons/pencil';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TextField } from '~/components/ui/field';
import { type ActingRole, STAFF_ACT_LABEL, type StaffActKind } from '~/modules/approvals/shared';
import { formatCredits, formatMoney, toDecimal } from '~/platform/money';
import { ActDialog, type ActErrors } from './act-dialog';
import { aboveIt, ACT_MEANING, ROLE_WORD } from './limit-words';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

/** What one person or one client may do alone. */
export interface ShownLimit {
  book: 'test' | 'live';
  role: ActingRole;
  act: StaffActKind;
  unit: string;
  perAct: bigint;
  actorDay: bigint;
  customerDay: bigint;
}

const inWords = (amount: bigint, unit: string) =>
  unit === 'credits' ? formatCredits(amount) : formatMoney(amount, unit);
const asTyped = (amount: bigint, unit: string) =>
  unit === 'credits' ? amount.toString() : toDecimal(amount, unit);

/** The limits of one act, a row for each role and unit. */
export function LimitTable({
  act,
  limits,
  mayAct,
}: {
  act: StaffActKind;
  limits: readonly ShownLimit[];
  mayAct: boolean;
}) {
  return (
    <Card flush title={STAFF_ACT_LABEL[act]} description={ACT_MEANING[act]}>
      <DataTable label={`Limits: ${STAFF_ACT_LABEL[act]}`} minWidth="sm">
        <THead>
          <Th>Who</Th>
          <Th>In</Th>
          <Th numeric>In one act</Th>
          <Th numeric>In 24 hours</Th>
          <Th numeric>To one customer in 24 hours</Th>
          {mayAct ? (
            <Th>
              <span className="sr-only">Act</span>
            </Th>
          ) : null}
        </THead>
        <TBody>
          {limits.map((limit) => (
            <Tr key={`${limit.role} ${limit.unit}`}>
              <Td>{ROLE_WORD[limit.role]}</Td>
              <Td className="text-text-muted">
                {limit.unit === 'credits' ? 'credits' : limit.unit.toUpperCase()}
              </Td>
              <Td numeric>{inWords(limit.perAct, limit.unit)}</Td>
              <Td numeric>{inWords(limit.actorDay, limit.unit)}</Td>
              <Td numeric>{inWords(limit.customerDay, limit.unit)}</Td>
              {mayAct ? (
                <Td numeric>
                  <EditLimit limit={limit} />
                </Td>
              ) : null}
            </Tr>
          ))}
        </TBody>
      </DataTable>
    </Card>
  );
}

function EditLimit({ limit }: { limit: ShownLimit }) {
  const { book, role, act, unit } = limit;
  return (
    <ActDialog
      opener={{ label: 'Change', icon: Pencil, size: 'sm', variant: 'ghost' }}
      title={`${STAFF_ACT_LABEL[act]}: what ${ROLE_WORD[role].toLowerCase()} may do alone`}
      description={`${ACT_MEANING[act]} ${aboveIt(role)} Every admin is told of the change by mail.`}
      intent="set"
      hidden={{ book, role, act, unit }}
      reasons={SETTING_REASON_OPTIONS}
      submitLabel="Change the limit"
      pendingLabel="Changing…"
    >
      {(errors) => <LimitFields unit={unit} limit={limit} errors={errors} />}
    </ActDialog>
  );
}

const FIELDS = [
  { name: 'perAct', label: 'In one act' },
  { name: 'actorDay', label: 'By one of them, in 24 hours' },
  { name: 'customerDay', label: 'To one customer, in 24 hours' },
] as const;

/** The three bounds, typed as people write amounts. */
export function LimitFields({
  unit,
  limit,
  errors,
}: {
  unit?: string;
  limit?: ShownLimit;
  errors: ActErrors;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {FIELDS.map(({ name, label }) => (
        <TextField
          key={name}
          label={label}
          name={name}
          inputMode="decimal"
          defaultValue={limit === undefined ? '0' : asTyped(limit[name], limit.unit)}
          description={
            limit === undefined
              ? undefined
              : `Now ${inWords(limit[name], limit.unit)}${unit === 'credits' ? ' credits' : ''}`
          }
          required
          errors={errors[name]}
        />
      ))}
    </div>
  );
}
