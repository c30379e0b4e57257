import { describe, expect, it, test } from 'vitest';
import { isOf, mayLoad, ours } from './own-page.ts';
import { granted } from './permissions.ts';

const page = 'app://window/';

test.each(['app://window', 'app://window/', 'app://window/#/project/x', 'app://window/media/x/source'])(
  '%s is ours',
  (address) => {
    expect(ours(address)).toBe(true);
    expect(mayLoad(address)).toBe(true);
  },
);

test.each([
  undefined,
  '',
  'app://window.evil',
  'app://windows/',
  'app://evil/',
  'https://window/',
  'file:///etc/passwd',
  'about:blank',
  'javascript:alert(1)',
])('%s is not ours', (address) => {
  expect(ours(address)).toBe(false);
  expect(mayLoad(address ?? 'about:blank')).toBe(false);
});

test('a page may load what it made itself, and nothing of the network', () => {
  expect(['blob:app://window/1234', 'data:image/png;base64,AAAA'].map(mayLoad)).toEqual([true, true]);
  expect(
    ['blob:https://evil.example/1', 'http://127.0.0.1:9/', 'https://example.com/', 'ws://127.0.0.1/', 'ftp://x/'].map(
      mayLoad,
    ),
  ).toEqual([false, false, false, false, false]);
});

test('the live picture’s window may load its page, the files of that and its line, and nothing else', () => {
  const live = 'http://127.0.0.1:4321/token/';
  expect([live, `${live}assets/a.js`, 'ws://127.0.0.1:4321/token/live'].map((to) => isOf(live, to))).toEqual([
    true,
    true,
    true,
  ]);
  const others = ['http://127.0.0.1:4321/other/', 'http://127.0.0.1:43210/token/', 'https://example.com/', page];
  expect([...others.map((to) => isOf(live, to)), isOf('', live)]).toEqual(others.map(() => false).concat(false));
});

describe('permissions', () => {
  it.each([[['audio']], [['video']]])('microphone and camera are for our own page: %j', (media) => {
    expect(granted({ permission: 'media', address: page, media })).toBe(true);
    expect(granted({ permission: 'media', address: 'https://example.com/', media })).toBe(false);
    expect(granted({ permission: 'media', address: undefined, media })).toBe(false);
  });

  it.each([[['unknown']], [['audio', 'unknown']], [[]]])('never with %j', (media) => {
    expect(granted({ permission: 'media', address: page, media })).toBe(false);
  });

  it('copying and a full-screen film, and no other power', () => {
    const powers = [
      'geolocation',
      'notifications',
      'clipboard-read',
      'display-capture',
      'midi',
      'hid',
      'serial',
      'usb',
      'fileSystem',
      'openExternal',
      'pointerLock',
      'idle-detection',
      'unknown',
    ];
    expect(powers.filter((permission) => granted({ permission, address: page }))).toEqual([]);
    expect(
      ['clipboard-sanitized-write', 'fullscreen'].every((permission) => granted({ permission, address: page })),
    ).toBe(true);
  });
});
