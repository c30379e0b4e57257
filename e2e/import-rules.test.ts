import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
let checkout = '';

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'likeness-lint-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(checkout, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction');
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

/** What lint says of `file` when it holds this text. */
function lint(file: string, text: string): { readonly status: number | null; readonly said: string } {
  const path = join(checkout, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), file],
    { cwd: checkout, encoding: 'utf8' },
  );
  rmSync(path);
  return { status, said: `${stdout}${stderr}` };
}

/** Whether lint refuses `file` when it holds this one import. */
function refused(file: string, specifier: string, names = 'thing'): boolean {
  const { status, said } = lint(file, `import { ${names} } from '${specifier}';\nexport const used = ${names};\n`);
  const found = said.includes('no-restricted-imports');
  if (status !== (found ? 1 : 0)) throw new Error(`oxlint did not run: ${said}`);
  return found;
}

describe('lint keeps the rooms apart', () => {
  test.each([
    ['src/renderer/viewer.ts', '../main/studio/studio.ts'],
    ['src/renderer/viewer.ts', '../preload/bridge.ts'],
    ['src/renderer/viewer.ts', 'electron'],
    ['src/renderer/viewer.ts', 'node:fs'],
    ['src/preload/index.ts', '../main/studio/studio.ts'],
    ['src/preload/index.ts', '../renderer/shell/app.ts'],
    ['src/preload/index.ts', 'node:fs'],
    ['src/shared/contract/thing.ts', 'node:fs'],
    ['src/shared/contract/thing.ts', '../../main/studio/studio.ts'],
    ['src/main/studio/jobs/queue.ts', 'electron'],
    ['src/main/studio/jobs/queue.ts', 'fluent-ffmpeg'],
    ['src/main/studio/media/encode.ts', 'fluent-ffmpeg'],
    ['src/main/studio/media/arguments.ts', 'electron'],
    ['src/main/cli/export.ts', 'fluent-ffmpeg'],
    ['src/main/cli/export.ts', 'electron'],
    ['src/main/serve.ts', 'electron'],
  ])('%s may not import %s', (file, specifier) => expect(refused(file, specifier)).toBe(true));

  test('raw IPC stays in the shell and the bridge', () => {
    expect(refused('src/main/index.ts', 'electron', 'ipcMain')).toBe(true);
    expect(refused('src/main/index.ts', 'electron', 'app')).toBe(false);
    expect(refused('src/main/shell/windows.ts', 'electron', 'ipcMain')).toBe(false);
    expect(refused('src/preload/index.ts', 'electron', 'ipcRenderer')).toBe(false);
  });

  test.each([
    ['src/renderer/viewer.ts', '../shared/contract/index.ts'],
    ['src/preload/index.ts', '../shared/contract/index.ts'],
    ['src/main/studio/media/arguments.ts', 'fluent-ffmpeg'],
    ['src/main/cli/export.ts', '../studio/studio.ts'],
  ])('%s may import %s', (file, specifier) => expect(refused(file, specifier)).toBe(false));
});

test('lint knows the types: a promise that nobody waits for is found', () => {
  const { status, said } = lint('src/main/cli/export.ts', 'const later = async () => 1;\nlater();\n');
  expect(said).toContain('no-floating-promises');
  expect(status).toBe(1);
});

test('two files that import from each other are found, if only types go round', () => {
  const there = join(checkout, 'src', 'main', 'there.ts');
  mkdirSync(dirname(there), { recursive: true });
  writeFileSync(there, `import type { Here } from './here.ts';\nexport type There = Here | null;\n`);
  const { said } = lint('src/main/here.ts', `import type { There } from './there.ts';\nexport type Here = There[];\n`);
  rmSync(there);
  expect(said).toContain('no-cycle');
});
