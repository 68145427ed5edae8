import type { PageRequest } from '../../sandbox';
import { html, type Fragment } from '../html';
import { factList } from './facts';
import { actForm, CARRIED } from './form-token';
import { namedAct } from './panel-acts';
import type { PanelView } from './panel-layout';

/**
 * A form without this process's token: the page is from before a restart, or another site sent it. Nothing is done;
 * what it asked for is shown, and done only if the person asks for it here.
 */
export function staleForm({ form, path }: PageRequest): PanelView {
  const named = namedAct(path);
  const given = [...form].filter(([name]) => !CARRIED.some((carried) => carried === name));
  const back = form.get('back') ?? undefined;
  const again: Fragment =
    named &&
    actForm({ action: path, label: 'Do it', fields: Object.fromEntries(given), tone: 'primary', back });
  const content = html`<h1>Nothing was done</h1>
    <p>
      The sandbox was restarted since this button was shown, or another site pressed it. If it was you, do it
      here; nothing that was typed is lost.
    </p>
    ${named && factList([['Act', `${named.act} ${named.id}`], ...given])}
    <div class="acts">${again} <a class="secondary small" href="/panel">Leave it</a></div>`;
  return { tab: 'sessions', title: 'Nothing was done', content, status: 403, live: false };
}
