import { RemixBrowser } from '@remix-run/react';
import { startTransition, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { rememberRequestIds } from '~/components/errors/request-id';
import { Nonce } from '~/components/shell/nonce';

declare global {
  interface Window {
    __webpack_nonce__?: string;
  }
}

// Remix adds stylesheets and scripts of later pages; they carry the nonce of this document.
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
window.__webpack_nonce__ = nonce;

rememberRequestIds();

/**
 * Resolves once the page's data is read. Remix throws this promise from its first render, outside of any
 * Suspense: a key pressed meanwhile would have React finish a root that cannot be finished yet (its error 345),
 * and nothing on the page would ever answer.
 */
async function readPageData(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (waited) {
    if (waited instanceof Promise) await waited;
  }
}

void readPageData().then(() =>
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <Nonce.Provider value={nonce}>
          <RemixBrowser />
        </Nonce.Provider>
      </StrictMode>,
    );
  }),
);
