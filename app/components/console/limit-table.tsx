import Pencil from 'lucide-react/icons/pencil';
import { useState } from 'react';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TextField } from '~/components/ui/field';
import { type ActingRole, STAFF_ACT_LABEL, type StaffActKind } from '~/modules/approvals/shared';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { aboveIt, ACT_MEANING, boundWords, readBound, ROLE_WORD, typedBound } from './limit-words';
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
              <Td numeric>{boundWords(limit.perAct, limit.unit)}</Td>
              <Td numeric>{boundWords(limit.actorDay, limit.unit)}</Td>
              <Td numeric>{boundWords(limit.customerDay, limit.unit)}</Td>
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
      {(errors) => <LimitFields limit={limit} errors={errors} />}
    </ActDialog>
  );
}

const FIELDS = [
  { name: 'perAct', label: 'In one act' },
  { name: 'actorDay', label: 'By one of them, in 24 hours' },
  { name: 'customerDay', label: 'To one customer, in 24 hours' },
] as const;

type Bound = (typeof FIELDS)[number]['name'];

/** The three bounds, typed as people write amounts, and what becomes of those that stand. */
export function LimitFields({ limit, errors }: { limit?: ShownLimit; errors: ActErrors }) {
  const [typed, setTyped] = useState<Partial<Record<Bound, string>>>({});
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        {FIELDS.map(({ name, label }) => (
          <TextField
            key={name}
            label={label}
            name={name}
            inputMode="decimal"
            defaultValue={limit === undefined ? '0' : typedBound(limit[name], limit.unit)}
            onChange={({ currentTarget: { value } }) => setTyped((before) => ({ ...before, [name]: value }))}
            required
            errors={errors[name]}
          />
        ))}
      </div>
      {limit === undefined ? null : (
        <BeforeAfter
          label={limit.unit === 'credits' ? 'Credits' : `In ${limit.unit.toUpperCase()}`}
          changes={FIELDS.map(({ name, label }) => ({
            label,
            before: boundWords(limit[name], limit.unit),
            after: <After typed={typed[name]} now={limit[name]} unit={limit.unit} />,
          }))}
        />
      )}
    </>
  );
}

function After({ typed, now, unit }: { typed: string | undefined; now: bigint; unit: string }) {
  const bound = typed === undefined ? now : readBound(typed, unit);
  if (bound === undefined) return <span className="font-normal text-text-muted">no amount</span>;
  return bound === now ? (
    <span className="font-normal text-text-muted">as before</span>
  ) : (
    <>{boundWords(bound, unit)}</>
  );
}
