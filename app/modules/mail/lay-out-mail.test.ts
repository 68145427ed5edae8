import { expect, test } from 'vitest';

import { layOutMail } from './lay-out-mail.server';

const CONTENT = {
  heading: 'Confirm <this>',
  paragraphs: [`Hello <img src=x onerror="alert('1')"> & co.`],
  button: { label: 'Confirm & go', url: 'https://credits.example.com/verify-email?token=abc&next=%2F' },
  footnotes: ['The link works once.'],
};

test('the text has every sentence and the link on a line of its own', () => {
  const { text } = layOutMail(CONTENT);
  expect(text.split('\n')).toContain(CONTENT.button.url);
  for (const part of [CONTENT.heading, ...CONTENT.paragraphs, ...CONTENT.footnotes])
    expect(text).toContain(part);
});

test('what a person typed is text in the HTML, never markup', () => {
  const { html } = layOutMail(CONTENT);
  expect(html).not.toContain('<img');
  expect(html).not.toContain('<this>');
  expect(html).toContain('Hello &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co.');
});

test('the link is the button and stands below it written out', () => {
  const { html } = layOutMail(CONTENT);
  const href = 'https://credits.example.com/verify-email?token=abc&amp;next=%2F';
  expect(html.split(`href="${href}"`)).toHaveLength(3);
  expect(html).toContain(`>${href}</a>`);
});

test('a mail without a button has no link', () => {
  const { text, html } = layOutMail({ heading: 'Done', paragraphs: ['All is well.'] });
  expect(html).not.toContain('href');
  expect(text).not.toContain('http');
});
