import type { MailMessage, Sandbox } from '../../sandbox';
import { html, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { factList } from './facts';
import { listTable } from './list-table';
import { mailLinks } from './mail-links';
import { emptyState, notFound, type PanelView } from './panel-layout';

const LISTED = 200;

export function mailListView(sandbox: Pick<Sandbox, 'mail'>): PanelView {
  const mails = sandbox.mail.list().slice(0, LISTED);
  const content = html`<h1>Mail</h1>
    ${
      mails.length === 0
        ? emptyState('No mail yet', "What the app would send to its customers' inboxes lands here instead.")
        : listTable(
            [
              { label: 'Subject', kind: 'name' },
              { label: 'To', kind: 'grow' },
              { label: 'Received', kind: 'age' },
            ],
            mails.map((mail) => ({
              key: mail.id,
              cells: [
                html`<a href="/panel/mail/${mail.id}">${mail.subject}</a>`,
                mail.to,
                timeTag(mail.receivedAtMs / 1000),
              ],
            })),
          )
    }`;
  return { tab: 'mail', title: 'Mail', content };
}

function links(mail: MailMessage): Markup {
  const found = mailLinks(mail);
  if (found.length === 0) return html``;
  return html`<h2>Links</h2>
    <ul class="mail-links">
      ${found.map(
        ({ href, label }) =>
          html`<li>
            <a href="${href}">${label}</a>${label !== href && html`<span class="sub url">${href}</span>`}
          </li>`,
      )}
    </ul>`;
}

/** The frame runs no script and cannot reach this page; its own links open in a new tab. */
function htmlFrame(mail: MailMessage): Markup {
  const source = `<base target="_blank"><meta name="color-scheme" content="light">${mail.html}`;
  return html`<iframe
    class="mail-html"
    title="The mail as HTML"
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    srcdoc="${source}"
  ></iframe>`;
}

export function mailView(sandbox: Pick<Sandbox, 'mail'>, mailId: string): PanelView {
  const mail = sandbox.mail.find(mailId);
  if (!mail) return notFound('mail', 'mail');
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/mail">Mail</a></p>
        <h1>${mail.subject}</h1>
      </div>
    </div>
    ${factList([
      ['To', mail.to],
      ['From', mail.from],
      ['Received', exactTime(mail.receivedAtMs / 1000)],
    ])}
    ${links(mail)}
    ${
      mail.html !== '' &&
      html`<h2>HTML</h2>
        ${htmlFrame(mail)}`
    }
    <h2>Text</h2>
    <pre class="mail-text" tabindex="0" role="region" aria-label="The mail as text">${mail.text}</pre>`;
  return { tab: 'mail', title: mail.subject, content, live: false };
}
