import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, test, vi } from 'vitest';
import { checkBuilderConfig, type Packed, packedFiles } from './packed-files.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const root = resolve(import.meta.dirname, '..', '..');
const here = `${process.platform}-${process.arch}`;

/** Every package in the archive: what the core and the desktop host load, and what that loads in turn. */
const PACKAGES = [
  '@ffprobe-installer/ffprobe',
  `@ffprobe-installer/${here}`,
  '@orpc/client',
  '@orpc/contract',
  '@orpc/interop',
  '@orpc/server',
  '@orpc/shared',
  '@orpc/standard-server',
  '@orpc/standard-server-aws-lambda',
  '@orpc/standard-server-fastify',
  '@orpc/standard-server-fetch',
  '@orpc/standard-server-node',
  '@orpc/standard-server-peer',
  'async',
  'better-sqlite3',
  'cookie',
  'fluent-ffmpeg',
  'isexe',
  'jpeg-js',
  'onnxruntime-common',
  'onnxruntime-node',
  'pend',
  'radash',
  'range-parser',
  'which',
  'yauzl',
  'zod',
];

/** What a file imports by a package's name, for its values and not for types alone. */
function packagesOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from '([^'.][^']*)'/gm)].map(([, name]) => name!);
}

/** How a program that has these files ends which imports those packages, and what it says to that. */
function load(files: readonly string[], specifiers: readonly string[]): [number | null, string] {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-packed-'));
  const list = join(folder, 'packed.json');
  writeFileSync(list, JSON.stringify(files.map((file) => join(root, file))));
  const loader = join(import.meta.dirname, 'load-packed.fixture.ts');
  const child = spawnSync(process.execPath, ['--no-warnings', loader, list, ...new Set(specifiers)], {
    cwd: root,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return [child.status, child.stderr.trim()];
}

describe('an installer', () => {
  let packed: Packed;
  beforeAll(async () => {
    packed = await packedFiles(root);
  });

  it('carries the packages that the program loads, and no other', () => {
    const names = packed.archive.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
    expect([...new Set(names)].toSorted()).toEqual(PACKAGES.toSorted());
  });

  it('carries nothing that is for other systems, for building or for testing', () => {
    const wrong =
      /\.(ts|mts|cts|map|tsx)$|\.test\.|\.fixture\.|__pycache__|requirements-dev|likeness_research|(^|\/)tests?\//;
    expect([...packed.archive, ...packed.resources].filter((file) => wrong.test(file))).toEqual([]);
    const native = packed.archive.filter((file) => /better-sqlite3\/prebuilds|napi-v\d+\//.test(file));
    expect(native.filter((file) => !file.includes(here) && !file.includes(here.replace('-', '/')))).toEqual([]);
    expect(native.map((file) => file.split('/')[1])).toEqual(
      expect.arrayContaining(['better-sqlite3', 'onnxruntime-node']),
    );
  });

  it('carries the trainer, the models, a ffmpeg, the licences', () => {
    for (const file of [
      'LICENSE',
      'THIRD_PARTY_NOTICES.md',
      'resources/models.json',
      'resources/speech/encoder.safetensors',
      'trainer/pyproject.toml',
      'trainer/requirements.txt',
      'trainer/requirements-nodeps.txt',
      'trainer/likeness_trainer/__main__.py',
    ])
      expect(packed.resources).toContain(file);
    expect(packed.resources.filter((file) => /imageio_ffmpeg\/binaries\/ffmpeg-/.test(file))).toHaveLength(1);
  });

  it('is enough: everything that core and desktop host import can be loaded from it', () => {
    const imported = globSync('src/{main,shared}/**/*.ts', {
      cwd: root,
      exclude: ['src/main/{cli,web}/**', 'src/main/serve.ts', '**/*.{test,fixture}.ts'],
    })
      .flatMap((file) => packagesOf(join(root, file)))
      .filter((name) => !name.startsWith('node:') && name !== 'electron');
    expect(imported).toEqual(expect.arrayContaining(['better-sqlite3', 'onnxruntime-node', '@orpc/server/ws', 'zod']));
    expect(load(packed.archive, imported)).toEqual([0, '']);
    const [status, said] = load(
      packed.archive.filter((file) => !file.startsWith('node_modules/which/')),
      imported,
    );
    expect([status, said]).toEqual([1, expect.stringMatching(/which.* is not packed/)]);
  });
});

test("electron-builder's schema is kept to, and would tell", async () => {
  await checkBuilderConfig(root, join(root, 'electron-builder.yml'));
  await expect(checkBuilderConfig(root, { appId: 'x', asarUnpak: [] })).rejects.toThrow(/asarUnpak/);
});

test('package.json says what a deb needs: who maintains it, and where it lives', () => {
  const { author, homepage, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  expect(author).toMatch(/^[^<>]+ <[^@\s]+@[^@\s]+>$/);
  expect(new URL(homepage!).protocol).toBe('https:');
  expect(description).toBeTruthy();
});
