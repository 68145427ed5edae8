import { expect, it } from 'vitest';
import { mailLinks } from './mail-links';

it('finds each link once, with its words, whole despite entities', () => {
  const html = `<p><a class="b" href="http://a.test/v?t=1&amp;u=2"><b>Confirm</b> it</a> or
    <a href='https://b.test/'>https://b.test/</a></p>`;
  const text = 'Confirm: http://a.test/v?t=1&u=2.\nMore: http://c.test/x';
  expect(mailLinks({ html, text })).toEqual([
    { href: 'http://a.test/v?t=1&u=2', label: 'Confirm it' },
    { href: 'https://b.test/', label: 'https://b.test/' },
    { href: 'http://c.test/x', label: 'http://c.test/x' },
  ]);
});

it('leaves out what a browser must not follow, however it is spelled', () => {
  const html = `<a href="javascript:alert(1)">a</a><a href="&#106;avascript:alert(1)">b</a><a href=" data:text/html,x">c</a>`;
  expect(mailLinks({ html, text: '' })).toEqual([]);
});
