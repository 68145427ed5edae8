export interface MailContent {
  heading: string;
  /** What happened and what to do, each its own paragraph. Plain text: it is escaped here. */
  paragraphs: readonly string[];
  button?: { label: string; url: string };
  /** Small print: how long the link works, what to do if it was not you. */
  footnotes?: readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const FONT = "Inter,-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** One look for every mail: wordmark, sentences, one button, the same link written out. */
export function layOutMail(content: MailContent): { text: string; html: string } {
  return { text: asText(content), html: asHtml(content) };
}

function asText({ heading, paragraphs, button, footnotes = [] }: MailContent): string {
  const link = button === undefined ? [] : [`${button.label}:\n${button.url}`];
  return `${[heading, ...paragraphs, ...link, ...footnotes, '-- \nCredence'].join('\n\n')}\n`;
}

function asHtml({ heading, paragraphs, button, footnotes = [] }: MailContent): string {
  const body = [
    `<h1 style="margin:0 0 16px;font:600 20px/28px ${FONT};letter-spacing:-0.01em;color:#121d1f" class="text">${escape(heading)}</h1>`,
    ...paragraphs.map(
      (text) =>
        `<p style="margin:0 0 16px;font:400 15px/24px ${FONT};color:#121d1f" class="text">${escape(text)}</p>`,
    ),
    ...(button === undefined ? [] : [buttonHtml(button)]),
    ...footnotes.map(
      (text) =>
        `<p style="margin:0 0 8px;font:400 13px/20px ${FONT};color:#566467" class="muted">${escape(text)}</p>`,
    ),
  ];
  return page(escape(heading), body.join('\n'));
}

function buttonHtml({ label, url }: { label: string; url: string }): string {
  const href = escape(url);
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr><td style="border-radius:8px;background:#0c5c6b">
<a href="${href}" style="display:inline-block;padding:12px 20px;font:600 15px/20px ${FONT};color:#ffffff;text-decoration:none;border-radius:8px">${escape(label)}</a>
</td></tr></table>
<p style="margin:0 0 24px;font:400 13px/20px ${FONT};color:#566467" class="muted">If the button does nothing, open this address:<br>
<a href="${href}" style="color:#0b5867;word-break:break-all" class="link">${href}</a></p>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${title}</title>
<style>@media (prefers-color-scheme: dark) { .ground { background: #0d1213 !important } .sheet { background: #141a1c !important; border-color: #232c2f !important } .text { color: #e6edee !important } .muted { color: #99a7aa !important } .link { color: #7accda !important } }</style></head>
<body style="margin:0;padding:0;background:#f6f8f8" class="ground">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f8f8" class="ground"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px">
<tr><td style="padding:0 4px 16px;font:600 16px/24px ${FONT};letter-spacing:-0.01em;color:#121d1f" class="text"><span style="color:#0c5c6b" class="link">&#9680;</span>&nbsp;Credence</td></tr>
<tr><td style="padding:32px;background:#ffffff;border:1px solid #e1e7e7;border-radius:8px" class="sheet">
${body}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}
