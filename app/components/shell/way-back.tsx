import { ArrowLeft } from 'lucide-react';

/** What a way back is called: the product by the host that its own address bar shows. */
export const backTo = (returnUrl: string): string => `Back to ${new URL(returnUrl).host}`;

/** The line under the header of whoever the product handed off. */
export function WayBack({ returnUrl }: { returnUrl: string }) {
  return (
    <nav aria-label="Way back" className="border-b bg-surface-sunken">
      <div className="mx-auto flex max-w-store px-5">
        <a
          href={returnUrl}
          className="-ml-1 inline-flex min-h-10 min-w-0 items-center gap-2 rounded px-1 text-sm font-medium text-text-muted hover:text-text"
        >
          <ArrowLeft aria-hidden size={16} className="shrink-0" />
          <span className="truncate">{backTo(returnUrl)}</span>
        </a>
      </div>
    </nav>
  );
}
