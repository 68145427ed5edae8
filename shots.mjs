import { chromium } from 'playwright-core';
const base = process.argv[2];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
async function run(name, width, scheme) {
  const c = await b.newContext({ viewport: { width, height: 1000 }, colorScheme: scheme });
  const p = await c.newPage();
  await p.goto(base + '/log-in');
  await p.getByLabel('E-mail').fill('admin@demo.test');
  await p.getByLabel('Password', { exact: true }).fill('credence-demo');
  await p.getByRole('button', { name: 'Log in' }).click();
  await p.waitForURL((u) => !u.pathname.includes('log-in'));
  for (const [n, url] of [['policies', '/admin/settings/policies'], ['finance', '/admin/finance'], ['customers', '/admin/customers?state=deleted'], ['deliveries', '/admin/webhooks'], ['approvals', '/admin/approvals?state=executed']]) {
    await p.goto(base + url); await p.waitForLoadState('networkidle');
    await p.screenshot({ path: `/tmp/h12/shot-${n}-${name}.png`, fullPage: true });
    console.log(n, name, await p.evaluate(() => document.documentElement.scrollWidth));
  }
  await p.goto(base + '/admin/settings/policies');
  await p.getByRole('table', { name: 'Retention' }).getByRole('button', { name: 'Change' }).first().click();
  await p.getByLabel('Kept for, in days').fill('60');
  await p.screenshot({ path: `/tmp/h12/shot-retention-${name}.png` });
  await p.goto(base + '/admin/settings/limits');
  await p.getByRole('button', { name: 'Change' }).first().click();
  await p.getByLabel('In one act').fill('500');
  await p.screenshot({ path: `/tmp/h12/shot-limit-${name}.png` });
  await c.close();
}
await run('light', 1440, 'light'); await run('dark', 390, 'dark');
await b.close();
