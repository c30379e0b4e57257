import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packagesMatch } from './node-packages.mjs';
import { runsTypeScript } from './node-runtime.mjs';
import { oneAtATime } from './one-at-a-time.mjs';

let root = '';
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'likeness-setup-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const locked = {
  '': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/@x/windows': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};

function checkout(installed: object | undefined): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
  if (!installed) return;
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
}

describe('the Node packages are installed again only when they differ from the lock file', () => {
  test.each([
    ['nothing installed, or an interrupted installation', undefined, false],
    ['the same versions', { 'node_modules/zod': locked['node_modules/zod'] }, true],
    ['another version', { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } }, false],
    ['a package missing', {}, false],
  ])('%s', (_, installed, match) => {
    checkout(installed);
    expect(packagesMatch(root)).toBe(match);
  });
});

test('Node runs TypeScript as it is from 22.18 on', () => {
  expect(['v20.20.2', '22.17.1', 'v22.18.0', 'v24.21.0', 'v26.0.0'].map(runsTypeScript)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

describe('two set-ups of one folder take turns', () => {
  test('the second waits for the first', async () => {
    const lock = join(root, 'cache', 'setup.lock');
    const order: string[] = [];
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    const first = oneAtATime(lock, async () => (order.push('first in'), await pause(), order.push('first out')));
    const second = oneAtATime(lock, async () => order.push('second'));
    await Promise.all([first, second]);
    expect(order).toEqual(['first in', 'first out', 'second']);
  });

  test('a set-up that died holds nobody up', async () => {
    const lock = join(root, 'setup.lock');
    writeFileSync(lock, '999999999');
    await expect(oneAtATime(lock, async () => 'done')).resolves.toBe('done');
  });
});
