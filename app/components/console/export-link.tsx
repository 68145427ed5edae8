import { useLocation } from '@remix-run/react';
import Download from 'lucide-react/icons/download';

/** Downloads the list as it is filtered now, whole. */
export function ExportLink({ path }: { path: string }) {
  const { search } = useLocation();
  return (
    <a
      href={`${path}${search}`}
      download
      className="inline-flex h-9 items-center gap-2 rounded border border-line-strong bg-surface-raised px-3 text-sm font-medium shadow-card hover:bg-surface-hover"
    >
      <Download aria-hidden size={14} className="text-text-muted" />
      Export CSV
    </a>
  );
}
