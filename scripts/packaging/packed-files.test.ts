import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { checkBuilderConfig, type Packed, packedFiles } from './packed-files.ts';

const root = resolve(import.meta.dirname, '..', '..');
const here = `${process.platform}-${process.arch}`;

/** Every package in the archive: the native ones, what they load in turn, and what reads text. Others are built in. */
const PACKAGES = [
  '@echogarden/espeak-ng-emscripten',
  '@ffprobe-installer/ffprobe',
  `@ffprobe-installer/${here}`,
  'better-sqlite3',
  'onnxruntime-common',
  'onnxruntime-node',
];

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
      'resources/speech/listener.onnx',
      'trainer/pyproject.toml',
      'trainer/requirements.txt',
      'trainer/requirements-nodeps.txt',
      'trainer/likeness_trainer/__main__.py',
    ])
      expect(packed.resources).toContain(file);
    expect(packed.resources.filter((file) => /imageio_ffmpeg\/binaries\/ffmpeg-/.test(file))).toHaveLength(1);
  });

  it('is enough: native modules load from what is packed, and ffprobe is there', () => {
    const imported = ['better-sqlite3', 'onnxruntime-node'];
    expect(packed.archive.filter((file) => /ffprobe-installer\/[a-z0-9-]+\/ffprobe(\.exe)?$/.test(file))).toHaveLength(
      1,
    );
    expect(load(packed.archive, imported)).toEqual([0, '']);
    const [status, said] = load(
      packed.archive.filter((file) => !file.startsWith('node_modules/onnxruntime-common/')),
      imported,
    );
    expect([status, said]).toEqual([1, expect.stringMatching(/onnxruntime-common.* is not packed/)]);
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
