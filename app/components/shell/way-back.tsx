import { ArrowLeft } from 'lucide-react';

/** What a way back is called: the product by the host that its own address bar shows. */
export const backTo = (returnUrl: string): string => `Back to ${new URL(returnUrl).host}`;

/** The line under the header of whoever the product handed off: the way back, and for whom they shop. */
export function WayBack({ returnUrl, name }: { returnUrl: string; name: string }) {
  return (
    <nav aria-label="Way back" className="border-b bg-surface-sunken text-sm text-text-muted">
      <div className="mx-auto flex min-h-10 max-w-store items-center justify-between gap-6 px-5">
        <a
          href={returnUrl}
          className="-ml-1 inline-flex min-h-10 min-w-0 items-center gap-2 rounded px-1 font-medium hover:text-text"
        >
          <ArrowLeft aria-hidden size={16} className="shrink-0" />
          <span className="truncate">{backTo(returnUrl)}</span>
        </a>
        <p className="min-w-0 max-w-[50%] truncate">
          For <span className="font-medium text-text">{name}</span>
        </p>
      </div>
    </nav>
  );
}
