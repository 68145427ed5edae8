import { safeHref } from '../html';
import type { MailInput } from '../../sandbox';

export interface MailLink {
  readonly href: string;
  readonly label: string;
}

const ANCHOR = /<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))[^>]*>([\s\S]*?)<\/a>/gi;
const ADDRESS = /https?:\/\/[^\s<>"')\]]+/g;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The links of a mail, each once, in reading order: those of the HTML, then those only its text has. */
export function mailLinks(mail: Pick<MailInput, 'html' | 'text'>): MailLink[] {
  const links = new Map<string, string>();
  for (const [, double, single, bare, inner = ''] of mail.html.matchAll(ANCHOR)) {
    const href = safeHref(decode(double ?? single ?? bare ?? '').trim());
    const label = decode(inner.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
    if (href !== undefined && !links.has(href)) links.set(href, label || href);
  }
  for (const [address] of mail.text.matchAll(ADDRESS)) {
    const href = safeHref(address.replace(/[.,;:!?]+$/, ''));
    if (href !== undefined && !links.has(href)) links.set(href, href);
  }
  return [...links].map(([href, label]) => ({ href, label }));
}
