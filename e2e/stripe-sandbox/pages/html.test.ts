import { describe, expect, it } from 'vitest';
import { breakable, escapeHtml, html, safeHref } from './html';

const ATTACK = `<script>alert("1")</script>'&`;

describe('html', () => {
  it('escapes every value, in text and in attributes', () => {
    const text = html`<a title="${ATTACK}">${ATTACK}</a>`.toString();
    const safe = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;';
    expect(text).toBe(`<a title="${safe}">${safe}</a>`);
  });

  it('escapes inside lists and keeps markup that the tag itself made', () => {
    const items = ['<', html`<i>${'>'}</i>`];
    expect(html`<b>${items}</b>`.toString()).toBe('<b>&lt;<i>&gt;</i></b>');
  });

  it('writes nothing for what is absent and keeps zero', () => {
    expect(html`${null}${undefined}${false}${0}${''}`.toString()).toBe('0');
  });

  it('escapes an ampersand once', () => {
    expect(escapeHtml('&amp;')).toBe('&amp;amp;');
  });

  it('lets a long name wrap without changing its text', () => {
    expect(breakable('payment_intent.<b>').toString()).toBe('payment_<wbr />intent.<wbr />&lt;b&gt;');
  });
});

describe('safeHref', () => {
  it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', '/relative', ''])(
    'never makes a link of %j',
    (address) => expect(safeHref(address)).toBeUndefined(),
  );

  it('keeps web and mail addresses as they are', () => {
    expect(safeHref('http://127.0.0.1:3000/a?b=c')).toBe('http://127.0.0.1:3000/a?b=c');
    expect(safeHref('mailto:ada@example.com')).toBe('mailto:ada@example.com');
  });
});
