import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { watchOpening } from './watch-opening.ts';

it('what opens is answered, and what it raises is raised', () => {
  const never = { text: 'never said', to: 'stderr' } as const;
  expect(watchOpening(() => 3, never)).toBe(3);
  expect(() =>
    watchOpening(() => {
      throw new Error('damaged');
    }, never),
  ).toThrow('damaged');
});

it.skipIf(process.platform === 'win32')('a disk that never answers is said, and the process ends', () => {
  const dir = mkdtempSync(join(tmpdir(), 'likeness-test-'));
  try {
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const fixture = join(import.meta.dirname, 'watch-opening.fixture.ts');
    const { signal, stdout } = spawnSync(process.execPath, [fixture, join(dir, 'pipe')], { encoding: 'utf8' });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'no answer\n' });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
