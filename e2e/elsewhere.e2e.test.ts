import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { PATIENCE_MS } from './patience.ts';
import { launchBrowser } from './browser.ts';

// A page of ours that wants to be elsewhere, or somewhere else that wants a page of ours.
const library = mkdtempSync(join(tmpdir(), 'likeness-elsewhere-'));
let host: Awaited<ReturnType<typeof serve>>;
let origin = '';
let browser: Browser;
let page: Page;
let elsewhere: Server;
const visits: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
let foreign = '';

beforeAll(async () => {
  host = await serve({ libraryDir: library });
  ({ origin } = new URL(host.url));
  elsewhere = createServer(({ url = '', headers }, response) => {
    visits.push({ url, headers });
    response.setHeader('Content-Type', 'text/html');
    response.end(url.startsWith('/frame') ? `<iframe src="${origin}/"></iframe>` : '<title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  // Another site by its name: cookies are not told apart by ports.
  foreign = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US' });
  page.setDefaultTimeout(PATIENCE_MS);
});
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => elsewhere?.close(resolve));
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

/** The window, freshly opened. */
async function fresh(): Promise<void> {
  await page.goto(page.url() === 'about:blank' ? host.url : `${origin}/`);
  await page.getByRole('banner').waitFor();
  visits.length = 0;
}

test('runs no script that is not ours and reaches no other server', async () => {
  await fresh();
  const ran = await page.evaluate(async (address) => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    const remote = document.createElement('script');
    remote.src = `${address}/script.js`;
    const handler = document.createElement('img');
    handler.setAttribute('onerror', 'window.injected = true');
    handler.src = `${address}/picture.png`;
    const base = document.createElement('base');
    base.href = address;
    document.body.append(script, remote, handler);
    document.head.append(base);
    const link = document.createElement('a');
    link.href = 'javascript:window.injected = true';
    document.body.append(link);
    link.click();
    const reached = await Promise.allSettled([
      fetch(`${address}/fetch`, { mode: 'no-cors' }),
      new Promise((resolve, reject) =>
        Object.assign(new WebSocket(address.replace('http', 'ws')), { onopen: resolve, onerror: reject }),
      ),
    ]);
    navigator.sendBeacon(`${address}/beacon`, 'x');
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { injected: 'injected' in window, reached: reached.map(({ status }) => status), base: document.baseURI };
  }, foreign);
  expect(ran).toEqual({ injected: false, reached: ['rejected', 'rejected'], base: `${origin}/` });
  expect(visits).toEqual([]);
});

test('posts no form and embeds nothing', async () => {
  await fresh();
  const blocked = await page.evaluate(async (address) => {
    const directives: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      directives.push(effectiveDirective),
    );
    for (const method of ['post', 'get']) {
      const form = Object.assign(document.createElement('form'), { method, action: `${address}/form` });
      document.body.append(form);
      form.submit();
    }
    for (const [tag, name] of [
      ['iframe', 'src'],
      ['embed', 'src'],
      ['object', 'data'],
    ] as const) {
      const element = document.createElement(tag);
      element.setAttribute(name, `${address}/embedded`);
      document.body.append(element);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...new Set(directives)].toSorted();
  }, foreign);
  expect(blocked).toEqual(['form-action', 'frame-src', 'object-src']);
  expect(visits).toEqual([]);
  expect(page.url()).toBe(`${origin}/`);
});

test('can be left, as any page can, but takes no key along, and is held by nobody', async () => {
  await fresh();
  const opened = page.context().waitForEvent('page');
  await page.evaluate((address) => void window.open(`${address}/opened`), foreign);
  const popup = await opened;
  await popup.waitForURL(`${foreign}/opened`);
  expect(await popup.evaluate(() => window.opener as unknown)).toBeNull();
  await popup.close();
  await page.evaluate(
    (address) =>
      Object.assign(document.body.appendChild(document.createElement('a')), {
        href: `${address}/link`,
        textContent: 'away',
      }).click(),
    foreign,
  );
  await page.waitForURL(`${foreign}/link`);
  await page.goto(`${origin}/`);
  await page.evaluate((address) => location.assign(`${address}/assigned`), foreign);
  await page.waitForURL(`${foreign}/assigned`);
  expect(visits.filter(({ url }) => !url.includes('favicon')).map(({ url }) => url)).toEqual([
    '/opened',
    '/link',
    '/assigned',
  ]);
  for (const { headers } of visits) expect([headers.cookie, headers.referer]).toEqual([undefined, undefined]);
  await page.goto(`${origin}/`);
  await page.getByRole('banner').waitFor(); // and it is still one's own
});

test.each([
  ['another site, to which our cookie is not given', () => foreign, 403],
  ['another port, to which it is', () => foreign.replace('localhost', '127.0.0.1'), 200],
])('is not framed by %s', async (_, address, status) => {
  await fresh();
  const answered = page.waitForResponse(`${origin}/`);
  await page.goto(`${address()}/frame`);
  const answer = await answered;
  expect(answer.status()).toBe(status);
  expect(await answer.headerValue('content-security-policy')).toContain("frame-ancestors 'none'");
  const frame = answer.frame();
  expect(frame.parentFrame()).toBe(page.mainFrame());
  await expect.poll(() => frame.url()).toBe('chrome-error://chromewebdata/'); // the browser's own page
  expect(await frame.locator('#root').count()).toBe(0);
});
