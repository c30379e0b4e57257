import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Likeness, type Running } from './likeness.ts';
import { findProgram } from './program.ts';

const program = findProgram();

describe.skipIf(!program)('whatever the page comes to hold', () => {
  let likeness: Likeness;
  let running: Running;
  /** Somebody on this computer who would hear of anything that leaves the page. */
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('heard');
  });
  let elsewhere = '';
  const page = () => running.page;

  beforeAll(async () => {
    server.on('upgrade', (request, socket) => {
      heard.push(request.url ?? '');
      socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    likeness = await Likeness.prepare(program!);
    running = await likeness.start('confined');
  });
  afterAll(async () => {
    await likeness?.close();
    server.close();
  });
  // Freshly loaded: the test's line to the page waits for the navigations that were refused.
  beforeEach(async () => {
    await page().reload();
    await page().getByText('Tiny').first().waitFor();
  });

  test('it stays where it is and opens nothing', async () => {
    const opened = await page().evaluate(async (address) => {
      for (const to of [
        `${address}/assigned`,
        'file:///etc/passwd',
        'javascript:void (window.ran = true)',
        'data:text/html,<h1>x',
        'blob:app://window/x',
        'app://evil/',
        'app://window.evil/',
      ]) {
        location.assign(to);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const link = Object.assign(document.createElement('a'), { href: `${address}/link`, target: '_blank' });
      document.body.appendChild(link).click();
      const form = Object.assign(document.createElement('form'), { method: 'post', action: `${address}/form` });
      document.body.appendChild(form).submit();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return [`${address}/opened`, 'app://window/', 'about:blank', ''].map((to) => window.open(to));
    }, elsewhere);
    expect(opened).toEqual([null, null, null, null]);
    expect(await page().evaluate(() => 'ran' in window)).toBe(false);
    expect([page().url(), heard]).toEqual(['app://window/', []]);
    expect(await running.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
  });

  test('nothing is loaded from elsewhere, by any way', async () => {
    const loaded = await page().evaluate(async (address) => {
      const does = (asked: Promise<unknown>) =>
        asked.then(
          () => true,
          () => false,
        );
      const image = Object.assign(new Image(), { src: `${address}/image.png` });
      const socket = new WebSocket(`${address.replace('http', 'ws')}/socket`);
      const script = Object.assign(document.createElement('script'), { src: `${address}/script.js` });
      document.head.append(script);
      navigator.sendBeacon(`${address}/beacon`, 'x');
      const either = (target: EventTarget, good: string) =>
        new Promise((resolve, reject) => {
          target.addEventListener(good, resolve);
          target.addEventListener('error', reject);
        });
      return {
        fetch: await does(fetch(`${address}/fetched`)),
        file: await does(fetch('file:///etc/passwd')),
        otherPage: await does(fetch('app://evil/')),
        image: await does(image.decode()),
        socket: await does(either(socket, 'open')),
        script: await does(either(script, 'load')),
        serviceWorker: await does(navigator.serviceWorker?.register('/worker.js') ?? Promise.reject(new Error())),
      };
    }, elsewhere);
    expect(Object.entries(loaded).filter(([, done]) => done)).toEqual([]);
    expect(heard).toEqual([]);
  });

  test('files outside the window and the library are not there', async () => {
    const statuses = await page().evaluate(() =>
      Promise.all(
        [
          '/../package.json',
          '/%2e%2e/package.json',
          '/..%5c..%5cpackage.json',
          '/media/../../library.db',
          '/no.js',
        ].map((path) => fetch(path).then(({ status }) => status)),
      ),
    );
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
    expect(await page().evaluate(() => fetch('/', { method: 'POST', body: 'x' }).then(({ status }) => status))).toBe(
      405,
    );
  });

  test('it embeds no page', async () => {
    await page().evaluate(async (address) => {
      const blob = URL.createObjectURL(new Blob(['<h1>x</h1>'], { type: 'text/html' }));
      for (const src of [`${address}/frame`, 'app://window/', 'data:text/html,x', blob])
        document.body.append(Object.assign(document.createElement('iframe'), { src }));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }, elsewhere);
    const embedded = page()
      .frames()
      .filter((frame) => frame !== page().mainFrame())
      .map((frame) => frame.url());
    expect(embedded).toHaveLength(4);
    expect(embedded.filter((address) => !/^$|^about:blank$|^chrome-error:/.test(address))).toEqual([]);
    expect(heard).toEqual([]);
  });

  test('it has the microphone, and no other power', async () => {
    await page().bringToFront();
    const powers = await page().evaluate(async () => {
      const may = (asked: Promise<unknown>) =>
        asked.then(
          () => true,
          () => false,
        );
      return {
        microphone: await may(navigator.mediaDevices.getUserMedia({ audio: true })),
        camera: await may(navigator.mediaDevices.getUserMedia({ video: true })),
        both: await may(navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
        screen: await may(navigator.mediaDevices.getDisplayMedia({ video: true })),
        place: await may(
          new Promise((resolve, reject) =>
            navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 2000 }),
          ),
        ),
        notifications: (await Notification.requestPermission()) === 'granted',
        clipboard: await may(navigator.clipboard.readText()),
      };
    });
    expect(powers).toEqual({
      microphone: true,
      camera: false,
      both: false,
      screen: false,
      place: false,
      notifications: false,
      clipboard: false,
    });
  });

  test('WebRTC sends nothing', async () => {
    const socket = createSocket('udp4');
    let packets = 0;
    socket.on('message', () => packets++);
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    await page().evaluate(async (port) => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((resolve) => setTimeout(resolve, 2500));
      peer.close();
    }, socket.address().port);
    socket.close();
    expect(packets).toBe(0);
  });

  test('about:blank is left again for the page that was open', async () => {
    await running.show(`#/project/${likeness.house.avatar}/perform`);
    await page().evaluate(() => void setTimeout(() => location.assign('about:blank'), 0));
    await wait(300);
    await page().getByText('Tiny').first().waitFor();
    expect(page().url()).toBe(`app://window/#/project/${likeness.house.avatar}/perform`);
  });
});
