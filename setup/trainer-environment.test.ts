import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pipReader } from './pip.mjs';
import { tinyInstallation } from './tiny-installation.fixture.ts';
import { environmentState, provideEnvironment, pythonOf } from './index.mjs';
import { runProgram } from './run-program.mjs';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let root = '';
let where: Awaited<ReturnType<typeof tinyInstallation>>;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'likeness-environment-'));
  where = await tinyInstallation(root);
  for (const [name, value] of Object.entries(where.offline)) vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

interface Tried {
  readonly kinds: string[];
  readonly output: string[];
  readonly failure: Error | undefined;
}

/** One set-up, to whatever end; `stopAt` stops it at the first event of that kind. */
async function tried(stopAt?: string): Promise<Tried> {
  const kinds: string[] = [];
  const output: string[] = [];
  const stop = new AbortController();
  const failure = await provideEnvironment({
    ...where,
    signal: stop.signal,
    onOutput: (line) => output.push(line),
    onEvent: (event) => {
      kinds.push(event.kind === 'pip' ? `pip ${event.event.kind}` : event.kind);
      if (kinds.at(-1) === stopAt) stop.abort(new Error('stopped'));
    },
  }).then(
    () => undefined,
    (error: Error) => error,
  );
  return { kinds, output, failure };
}

const needs = (text: string) => writeFileSync(join(where.trainer, 'requirements.txt'), text);
const loads = (text: string) => writeFileSync(join(where.trainer, 'likeness_trainer', 'imports.py'), text);

// One story in one folder, because making an environment takes seconds: everything that can go wrong, then what is
// right.
describe("the trainer's environment", () => {
  test('without a Python that fits, one sentence says what to do', async () => {
    vi.stubEnv('LIKENESS_SETUP_PYTHON', join(root, 'no-python-here'));
    expect((await tried()).failure?.message).toMatch(
      /^Likeness needs Python 3\.10 to 3\.12 and found none .*: install Python 3\.12 .*, then run this again\.$/,
    );
    vi.stubEnv('LIKENESS_SETUP_PYTHON', undefined);
    expect(environmentState(where)).toBe('absent');
  });

  test('stopped, it is not ready', async () => {
    expect((await tried('plan')).failure).toMatchObject({ message: 'stopped' });
    expect(environmentState(where)).toBe('absent');
  });

  test("packages that cannot be had are told with a remedy and pip's own words", async () => {
    needs('tiny-three==1.0\n');
    const { kinds, failure } = await tried();
    expect(failure).toMatchObject({
      message: expect.stringMatching(/^pip could not install .*reaches the internet, then run this again\.$/) as string,
      remedy: 'see that this computer reaches the internet',
      detail: expect.stringContaining('tiny-three') as string,
    });
    expect(kinds).not.toContain('python'); // what the stopped one made is used
    expect(environmentState(where)).toBe('absent');
  });

  test('packages that do not load are no environment', async () => {
    needs('tiny-one==1.0\n');
    loads('import no_such_module\n');
    expect((await tried()).failure?.message).toMatch(/installed but do not load: delete the folder .*environment/);
    expect(environmentState(where)).toBe('absent');
  });

  test('then it holds what was asked for, and loads; there is nothing left to do', async () => {
    needs('tiny-one==1.0\ntiny-two==1.0\n');
    loads('import tiny_one, tiny_two\n');
    const { kinds, failure } = await tried();
    expect(failure).toBeUndefined();
    expect(kinds).toEqual(expect.arrayContaining(['plan', 'pip here', 'pip unpack', 'check']));
    expect(environmentState(where)).toBe('ready');
    let words = '';
    await runProgram(pythonOf(where.venv), ['-c', 'import tiny_one, tiny_two; print(tiny_one.WORD, tiny_two.WORD)'], {
      onLine: (line) => (words += line),
    });
    expect(words).toBe('was given');
    expect((await tried()).kinds).toEqual([]);
    // an installed folder is left as it is
    expect(existsSync(join(where.trainer, 'likeness_trainer', '__pycache__'))).toBe(false);
  });

  test('other requirements make it outdated, and one more set-up mends that', async () => {
    needs('tiny-one==1.0\n');
    expect(environmentState(where)).toBe('outdated');
    expect((await tried()).kinds).not.toContain('python');
    expect(environmentState(where)).toBe('ready');
  });
});

test("pip's lines become what it is at: packages found, downloads in bytes, what it unpacks", () => {
  const read = pipReader();
  const lines = [
    'Collecting numpy==1.26.4 (from -r requirements.txt (line 3))',
    '  Downloading numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl.metadata (61 kB)',
    'Collecting torch==2.13.0 (from -r requirements.txt (line 9))',
    'Requirement already satisfied: pip in ./lib',
    'Downloading numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl (18.3 MB)',
    'Progress 262144 of 18300000',
    'Using cached torch-2.13.0-cp311-cp311-linux_x86_64.whl (830.1 MB)',
    'Processing ./wheels/tiny_one-1.0-py3-none-any.whl',
    'Installing collected packages: numpy, torch',
    'Successfully installed numpy-1.26.4 torch-2.13.0',
  ];
  expect(lines.map(read)).toEqual([
    { kind: 'found', name: 'numpy', count: 1 },
    undefined,
    { kind: 'found', name: 'torch', count: 2 },
    undefined,
    { kind: 'download', name: 'numpy 1.26.4', size: '18.3 MB', finished: 0 },
    { kind: 'bytes', name: 'numpy 1.26.4', done: 262144, total: 18300000, finished: 0 },
    { kind: 'download', name: 'torch 2.13.0', size: '830.1 MB', finished: 1 },
    { kind: 'here', name: 'tiny_one 1.0' },
    { kind: 'unpack', names: ['numpy', 'torch'] },
    undefined,
  ]);
});
