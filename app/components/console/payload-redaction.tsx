import EyeOff from 'lucide-react/icons/eye-off';
import { Timestamp } from '~/components/ui/time';
import { REDACTION_REASON_LABEL, REDACTION_REASONS } from '~/modules/customers/shared';
import { ActDialog } from './act-dialog';

/** What the payload's card says of it: as it was signed, or redacted, when and for what. */
export function PayloadNote({
  redactedAt,
  redactedFor,
}: {
  redactedAt: Date | null;
  redactedFor: string | null;
}) {
  if (redactedAt === null || redactedFor === null) return <>As Stripe signed it.</>;
  return (
    <>
      Redacted <Timestamp at={redactedAt} /> {wordsFor(redactedFor)}. A replay reads its object from Stripe by
      this id.
    </>
  );
}

function wordsFor(redactedFor: string): string {
  if (redactedFor === 'retention') return 'by retention';
  if (redactedFor.startsWith('del_')) return 'with the deletion of its customer';
  return `by ${redactedFor.replace(/^staff:/, '')}`;
}

/** Takes the payload out of an event that rests. */
export function RedactPayload({ eventId, realmId }: { eventId: string; realmId: string }) {
  return (
    <ActDialog
      opener={{ label: 'Redact', icon: EyeOff, size: 'sm' }}
      title="Redact the payload"
      description="All but the event’s envelope and the id of its object goes for good. What it did stays, and a replay reads the object from Stripe."
      action={`/admin/webhooks/events/${eventId}/redaction`}
      intent="redact"
      hidden={{ realmId }}
      reasons={REDACTION_REASONS.map((value) => ({ value, label: REDACTION_REASON_LABEL[value] }))}
      submitLabel="Redact this payload"
      pendingLabel="Redacting…"
      isDanger
    />
  );
}
