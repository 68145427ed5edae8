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

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <Nonce.Provider value={nonce}>
        <RemixBrowser />
      </Nonce.Provider>
    </StrictMode>,
  );
});
