import FileDown from 'lucide-react/icons/file-down';
import { EXPORT_REASON_LABEL, EXPORT_REASONS } from '~/modules/incidents/shared';
import { ActDialog } from './act-dialog';

/** Saves what happened as a file for a test: a payment, a customer or an event is named. */
export function ExportIncident({ about }: { about: string }) {
  return (
    <ActDialog
      opener={{ label: 'Export incident', icon: FileDown }}
      title="Export as an incident"
      description="What Stripe said and when, what stood here and what was decided, as a file that plays again in a test. People, addresses, cards and ids are replaced."
      action="/admin/incidents/export"
      intent="export"
      hidden={{ about }}
      reasons={EXPORT_REASONS.map((value) => ({ value, label: EXPORT_REASON_LABEL[value] }))}
      submitLabel="Write the file"
      pendingLabel="Reading…"
    />
  );
}
