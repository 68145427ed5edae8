import type { PageRequest, PageResponse, Sandbox } from '../sandbox';
import { serveAsset } from './assets';
import { handleCheckout, handleRecovery } from './checkout/handle-checkout';
import { handleIntents } from './intents/handle-intents';
import { redirectResponse } from './layout';
import { handlePanel } from './panel/handle-panel';
import { handlePapers } from './papers/handle-papers';
import { handlePortal } from './portal/handle-portal';

/** The door of the pages: hosted checkout, customer portal, receipts and invoices, panel, mail and their assets. Undefined: the path is not a page. */
export async function handlePage(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  if (req.path === '/' && req.method !== 'POST') return redirectResponse('/panel');
  if (req.path.startsWith('/assets/')) return serveAsset(req.path.slice('/assets/'.length));
  if (req.path.startsWith('/c/pay/')) return handleCheckout(sandbox, req);
  if (/^\/(c\/authenticate|mandates)\//.test(req.path)) return handleIntents(sandbox, req);
  if (/^\/(receipts|i)\//.test(req.path)) return handlePapers(sandbox, req);
  if (req.path.startsWith('/r/')) return handleRecovery(sandbox, req);
  if (req.path.startsWith('/p/session/')) return handlePortal(sandbox.portal, req);
  if (req.path === '/panel' || req.path.startsWith('/panel/')) return handlePanel(sandbox, req);
  return undefined;
}
