import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError, windowFault } from '../../shared/contract/index.ts';
import { Log } from './log.ts';
import { RotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'likeness-log-'))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});
const files = (): string[] => readdirSync(folder).sort();
const read = (name = 'likeness.log'): string => readFileSync(join(folder, name), 'utf8');

describe('a file that is full', () => {
  const bounds = { bytes: 100, files: 3 };

  it('is put aside, and the oldest goes', () => {
    const file = new RotatingFile(join(folder, 'a.log'), bounds);
    for (let line = 0; line < 20; line++) file.append(`line ${String(line).padStart(2, '0')} of ten bytes more\n`);
    expect(files()).toEqual(['a.1.log', 'a.2.log', 'a.log']);
    // 26 bytes each: four fill a file
    expect([read('a.2.log'), read('a.1.log'), read('a.log')].map((text) => text.slice(5, 7))).toEqual([
      '08',
      '12',
      '16',
    ]);
    expect(read('a.log').split('\n')).toHaveLength(5);
  });

  it('is read from its end, over into the one before', () => {
    const file = new RotatingFile(join(folder, 'a.log'), bounds);
    for (let line = 0; line < 5; line++) file.append(`line ${line} of twenty-six bytes\n`);
    expect(file.tail(60)).toBe('line 3 of twenty-six bytes\nline 4 of twenty-six bytes\n');
    expect(file.tail(1000).split('\n')).toHaveLength(6);
  });

  it('waits while another process renames, but not for one that died doing so', () => {
    const file = new RotatingFile(join(folder, 'a.log'), { bytes: 1, files: 2 });
    file.append('one\n');
    writeFileSync(join(folder, 'a.log.lock'), '');
    file.append('two\n');
    expect(files()).toEqual(['a.log', 'a.log.lock']);
    utimesSync(join(folder, 'a.log.lock'), new Date(0), new Date(0));
    file.append('three\n');
    file.append('four\n');
    expect([read('a.1.log'), read('a.log')]).toEqual(['one\ntwo\nthree\n', 'four\n']);
  });

  it('never raises, wherever it is to be', () => {
    writeFileSync(join(folder, 'file'), '');
    const nowhere = new RotatingFile(join(folder, 'file', 'a.log'), bounds);
    nowhere.append('lost\n');
    expect(nowhere.tail(100)).toBe('');
  });
});

it('several processes write one log: every line is whole, and none is lost while files are put aside', async () => {
  const writers = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.fixture.ts'), folder, name, '400'], {
        stdio: 'inherit',
      });
      await once(child, 'exit');
      return child.exitCode;
    }),
  );
  expect(writers).toEqual([0, 0, 0]);
  const lines = files().flatMap((name) => read(name).trimEnd().split('\n'));
  expect(files().length).toBeGreaterThan(3);
  for (const name of ['a', 'b', 'c']) {
    const numbers = lines.filter((line) => line.includes(` ${name} `)).map((line) => /(\d+) x{20}$/.exec(line)?.[1]);
    expect(new Set(numbers).size).toBe(400);
  }
  expect(lines).toHaveLength(1200);
});

describe('an entry', () => {
  const logOf = (redact = (text: string) => text): Log => new Log({ folder, host: 'desktop', redact });

  it('says when, what kind, from where, and keeps together', () => {
    const log = logOf();
    log.note('begins');
    log.fault('timeline', new TypeError('x is not a function'));
    log.failure('job', new StudioError({ code: 'bad-video', message: 'No.', hint: 'Else.', detail: 'ffmpeg said' }));
    const lines = read().split('\n');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z note desktop \d+ begins$/);
    expect(lines[1]).toContain(`fault desktop ${process.pid} timeline: TypeError: x is not a function`);
    expect(lines[2]).toMatch(/^ {8}at /);
    expect(read()).toContain('job: bad-video: No.\n    ffmpeg said\n');
  });

  it('tells what an error came of, and whatever was thrown', () => {
    const log = logOf();
    log.fault('a', new Error('outer', { cause: new Error('inner') }));
    log.fault('b', 'words');
    log.fault('c', { code: 7 });
    expect(read()).toMatch(/Error: outer[^]*of Error: inner/);
    expect(read()).toContain('b: words');
    expect(read()).toContain('c: { code: 7 }');
  });

  it('is redacted, of bounded length and free of control characters', () => {
    const log = logOf((text) => text.replaceAll('Ada', '<project 1>'));
    log.windowFault(windowFault(new Error(`Ada \u001B[2J ${'long '.repeat(9000)}`), 'viewer'));
    expect(read()).toContain('window, viewer: Error: <project 1> �[2J long');
    expect(read().length).toBeLessThan(9000);
  });

  it('of a fault in a loop is written sixty times a minute; how many are missing is told', () => {
    vi.useFakeTimers();
    const log = logOf();
    for (let time = 0; time < 100; time++) log.fault('loop', 'again');
    expect(read().match(/again/g)).toHaveLength(60);
    vi.advanceTimersByTime(60_001);
    log.fault('loop', 'again');
    expect(read()).toContain('40 more failures and faults came in one minute and are not told');
    expect(read().match(/again/g)).toHaveLength(61);
  });
});

it.each([
  ['throws', 1, 'Something in Likeness itself went wrong.', /fault test \d+ uncaughtException: Error: thrown\b/],
  ['rejects', 1, 'Something in Likeness itself went wrong.', /fault test \d+ unhandledRejection: Error: rejected\b/],
  ['serves, rejects', 0, 'It is written down in', /fault test \d+ unhandledRejection: Error: rejected\b/],
  [
    'serves, throws',
    1,
    'Something in Likeness itself went wrong.',
    /fault test \d+ uncaughtException: Error: thrown\b/,
  ],
])('a host that %s ends with %i, says so plainly and logs it', async (behaviour, code, words, logged) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'faulty.fixture.ts'), folder, behaviour]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  expect([child.exitCode, said]).toEqual([code, expect.stringContaining(words)]);
  expect(said).not.toMatch(/^ +at /m); // no stack for a person
  expect(read()).toMatch(logged);
});
