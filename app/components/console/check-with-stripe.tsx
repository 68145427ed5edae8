import { useFetcher } from '@remix-run/react';
import ScanSearch from 'lucide-react/icons/scan-search';
import { useId, useState } from 'react';
import { Badge } from '~/components/ui/badge';
import { Button } from '~/components/ui/button';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Dialog } from '~/components/ui/dialog';
import { SelectField, TextField } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { type Tone } from '~/components/ui/tone';
import { CHECK_REASON_LABEL, CHECK_REASONS, type CheckedObject } from '~/modules/webhooks/shared';
import { useConsole } from './console-context';
import { inWords, startingLarge } from './state-badges';
import { StripeId } from './stripe-id';

export type CheckReply =
  /** `isCut`: what is older was not looked at. */
  | { outcome: 'checked'; objects: CheckedObject[]; isCut: boolean; keyless: string[] }
  /** There is none of it here. */
  | { outcome: 'unknown' }
  /** It belongs to realms whose keys this installation does not hold. */
  | { outcome: 'no_key'; keyless: string[] }
  /** Stripe did not answer; what it said until then stands. */
  | { outcome: 'unanswered' };

export interface CheckWithStripeProps {
  /** The payment, or the customer whose all is looked at. */
  about: string;
  label: string;
}

/** Asks Stripe itself what stands there, settles it by the doors of its events, and tells what it found and did. */
export function CheckWithStripe({ about, label }: CheckWithStripeProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={ScanSearch} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open ? <OpenCheck about={about} title={label} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface OpenCheckProps {
  about: string;
  title: string;
  onClose: () => void;
}

function OpenCheck({ about, title, onClose }: OpenCheckProps) {
  const formId = useId();
  const fetcher = useFetcher<CheckReply>();
  const reply = fetcher.state === 'idle' ? fetcher.data : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="Reads at Stripe what was paid, refunded and disputed, and settles it here as its events would. Nothing happens twice, whatever comes late."
      width="lg"
      footer={
        reply === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              form={formId}
              variant="primary"
              pending={fetcher.state !== 'idle'}
              pendingLabel="Asking Stripe…"
            >
              Check now
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        )
      }
    >
      {reply === undefined ? (
        <fetcher.Form method="post" action="/admin/check-with-stripe" id={formId} className="grid gap-4 py-2">
          <input type="hidden" name="about" value={about} />
          <SelectField
            label="Reason"
            name="reason"
            options={CHECK_REASONS.map((value) => ({ value, label: CHECK_REASON_LABEL[value] }))}
          />
          <TextField label="Comment" name="comment" optional maxLength={1000} />
        </fetcher.Form>
      ) : (
        <Told reply={reply} />
      )}
    </Dialog>
  );
}

function Told({ reply }: { reply: CheckReply }) {
  if (reply.outcome === 'unknown')
    return (
      <Notice tone="warn" role="status" title="Not looked at">
        Nothing here goes by this name any more.
      </Notice>
    );
  if (reply.outcome === 'no_key')
    return (
      <Notice tone="warn" role="status" title="Not looked at">
        Only the key of its own realm can read it at Stripe, and that key is not held here. Settings, Realms
        says which.
      </Notice>
    );
  if (reply.outcome === 'unanswered')
    return (
      <Notice tone="warn" role="status" title="Stripe does not answer">
        What it said until then stands. Check again in a minute: nothing happens twice.
      </Notice>
    );
  const applied = reply.objects.filter(({ detail }) => detail.startsWith('applied: ')).length;
  return (
    <div className="grid gap-4 py-2">
      <Notice tone={applied === 0 ? 'info' : 'ok'} role="status" title={sumUp(reply.objects, applied)}>
        {applied === 0
          ? 'What Stripe has is what stands here.'
          : 'It stands in the books now; events that come late find it done.'}
        {reply.keyless.length > 0
          ? ' More of it stands in a realm whose key is not held here: that was not asked.'
          : ''}
        {reply.isCut ? ' There is more at Stripe: only the newest was looked at.' : ''}
      </Notice>
      {reply.objects.length === 0 ? null : <Objects objects={reply.objects} />}
    </div>
  );
}

function sumUp(objects: readonly CheckedObject[], applied: number): string {
  if (objects.length === 0) return 'Stripe has nothing of it: no page was ever opened';
  const granted = objects.filter(({ detail }) => detail === 'applied: settled').length;
  if (granted > 0)
    return granted === 1
      ? 'A payment was settled and its credits granted'
      : `${granted} payments were settled and their credits granted`;
  if (applied > 0) return 'Something was brought up to date';
  return objects.length === 1
    ? 'Looked at one object: nothing new'
    : `Looked at ${objects.length} objects: nothing new`;
}

const WORDS: Readonly<Record<string, string>> = {
  'applied: settled': 'Paid: its credits are granted now',
  'duplicate: already_granted': 'Its credits were granted before',
  'duplicate: assigned_by_person': 'A person gave its money to a customer before',
  'noop: session_open': 'Not paid: the page is still open',
  'noop: in_review': 'Paid; a person decides about it',
};

const TONE: Record<Exclude<CheckedObject['became'], 'done'>, Tone> = {
  waiting: 'info',
  quarantined: 'warn',
  dead: 'bad',
  dismissed: 'idle',
  missing: 'warn',
};

function Objects({ objects }: { objects: readonly CheckedObject[] }) {
  const { realm } = useConsole();
  return (
    <DataTable label="What was looked at" minWidth="none">
      <THead>
        <Th>At Stripe</Th>
        <Th>Here</Th>
      </THead>
      <TBody>
        {objects.map(({ id, became, detail }, n) => (
          <Tr key={`${id} ${n}`}>
            <Td>
              <StripeId id={id} label="object" realm={realm} />
            </Td>
            <Td wraps className="[overflow-wrap:anywhere]">
              {became === 'done' ? (
                <span className={detail.startsWith('applied: ') ? 'font-medium text-ok' : 'text-text-muted'}>
                  {WORDS[detail] ?? startingLarge(detail.split(': ').map(inWords).join(': '))}
                </span>
              ) : (
                <>
                  <Badge tone={TONE[became]}>{startingLarge(became)}</Badge> {inWords(detail)}
                </>
              )}
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
