import Pencil from 'lucide-react/icons/pencil';
import { useState } from 'react';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TextField } from '~/components/ui/field';
import { Timestamp } from '~/components/ui/time';
import { keptWords, mayRetainFor, RETAINED_LABEL, type RetentionView } from '~/modules/customers/shared';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { SETTING_REASON_OPTIONS } from './setting-reasons';
import { startingLarge } from './state-badges';

/** How long what names people is kept, in every book. */
export function RetentionCard({
  retention,
  mayAct,
}: {
  retention: readonly RetentionView[];
  mayAct: boolean;
}) {
  return (
    <Card
      title="How long what names people is kept"
      description="In both books. Each night what is older is taken out; ids, amounts and the ledger stay."
      className="xl:col-span-2"
      flush
    >
      <DataTable label="Retention" minWidth="none">
        <THead>
          <Th>What</Th>
          <Th>Kept</Th>
          <Th className="hidden sm:table-cell">Taken out before</Th>
          {mayAct ? (
            <Th>
              <span className="sr-only">Act</span>
            </Th>
          ) : null}
        </THead>
        <TBody>
          {retention.map((one) => (
            <Tr key={one.kind}>
              <Td wraps className="py-2">
                {RETAINED_LABEL[one.kind]}
              </Td>
              <Td wraps className="py-2">
                {startingLarge(keptWords(one.days))}
                {one.isDefault ? <span className="text-text-muted">, by default</span> : null}
              </Td>
              <Td className="hidden text-text-muted sm:table-cell">
                {one.doneBefore === null ? 'Nothing yet' : <Timestamp at={one.doneBefore} />}
              </Td>
              {mayAct ? (
                <Td numeric>
                  <ChangeRetention now={one} />
                </Td>
              ) : null}
            </Tr>
          ))}
        </TBody>
      </DataTable>
    </Card>
  );
}

function ChangeRetention({ now }: { now: RetentionView }) {
  return (
    <ActDialog
      opener={{ label: 'Change', icon: Pencil, size: 'sm', variant: 'ghost' }}
      title={`Change how long it is kept: ${RETAINED_LABEL[now.kind].toLowerCase()}`}
      description="It holds from the next night on. What was taken out does not come back."
      intent="retention"
      hidden={{ kind: now.kind }}
      reasons={SETTING_REASON_OPTIONS}
      submitLabel="Change the retention"
      pendingLabel="Changing…"
    >
      {(errors) => <RetentionFields now={now} errors={errors} />}
    </ActDialog>
  );
}

function RetentionFields({ now, errors }: { now: RetentionView; errors: ActErrors }) {
  const [before] = useState(now.days);
  const [typed, setTyped] = useState(now.days?.toString() ?? '');
  const days = typed === '' ? null : Number(typed);
  const isKnown = days === null || mayRetainFor(days);
  return (
    <>
      <TextField
        label="Kept for, in days"
        name="days"
        inputMode="numeric"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        description="2 to 3650. Empty keeps it for good."
        errors={errors['days']}
        optional
      />
      <BeforeAfter
        label={RETAINED_LABEL[now.kind]}
        changes={[{ label: 'Kept', before: keptWords(before), after: isKnown ? keptWords(days) : '?' }]}
      />
    </>
  );
}
