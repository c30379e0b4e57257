import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ExportListResult, type ListedResult } from '../../shared/contract/lists.ts';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { waveFile } from '../studio/export/wave.fixture.ts';
import { tinyClip, tools } from '../studio/media/clips.fixture.ts';
import { probeVideo, readFrames } from '../studio/media/index.ts';
import { type JobHandle, openStudio } from '../studio/studio.ts';
import { writeVoice } from '../studio/voices/voice.fixture.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

// A list of three films of the tiny avatar; each test goes on where the one before it ended.
const folder = mkdtempSync(join(tmpdir(), 'likeness-list-'));
const at = (...parts: string[]): string => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const WEBM = 'two.webm'; // which has no place for its credentials
const OUTS = ['one.mp4', WEBM, 'three.wav'];
const films = OUTS.map((name) => at('films', name));

function tone(name: string, seconds: number, step = 9): void {
  const samples = Float32Array.from({ length: seconds * 16_000 }, (_, i) => 0.1 * Math.sin(i / step));
  writeFileSync(at(name), waveFile(samples, 16_000));
}

beforeAll(async () => {
  const studio = openStudio({ libraryDir: at('library') });
  await studio.system.addModel(writeVoice(at('hum.onnx')));
  await tinyClip(at('clip.mp4'));
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  const { projectId } = await studio.projects.importVideo(ada);
  copyFileSync(TINY, studio.library.paths.avatar(projectId));
  await studio.close();
  tone('hello.wav', 1);
  writeFileSync(
    at('jobs.csv'),
    '\uFEFFproject;text;audio;voice;mode;height;background;out\r\n' +
      'Ada;;hello.wav;;portrait;128;#102030;films/one.mp4\r\n' +
      'Ada;"Hello there; I am Ada.";;hum;portrait;128;transparent;films/two.webm\r\n' +
      'Ada;;hello.wav;;;;;films/three.wav\r\n',
  );
});

const command = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'index.ts')];
function likeness(...args: string[]): { readonly code: number | null; readonly json: unknown } {
  const words = [...command, '--json', '--library', at('library'), ...args];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { code: status, json: JSON.parse(stdout) };
}
function run(): { readonly code: number | null; readonly states: string[]; readonly rows: readonly ListedResult[] } {
  const { code, json } = likeness('export', '--list', at('jobs.csv'));
  const { rows, results } = ExportListResult.parse(json);
  expect(results).toBe(at('jobs.results.csv'));
  return { code, states: rows.map(({ state }) => state), rows };
}
const states = (): string[] =>
  readFileSync(at('jobs.results.csv'), 'utf8')
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[3]!);
/** Which file lies there, and since when. */
const filesOf = (): (string | null)[] =>
  films.map((path) => (existsSync(path) ? `${statSync(path).ino} ${statSync(path).mtimeMs}` : null));
const passing = (): string[] => readdirSync(at('films')).filter((name) => name.endsWith('.partial'));

it.each([
  ['a row that cannot be', ['--list', at('wrong.json')], 'bad-request', 'Row 2, column "project": There is no project'],
  ['no table', ['--list', at('gone.csv')], 'not-found', `There is no file ${at('gone.csv')}.`],
  ['a file of another kind', ['--list', at('hello.wav')], 'bad-request', 'A list is a table in CSV or JSON.'],
  ['a project beside it', ['Ada', '--list', at('jobs.csv')], 'bad-request', 'The projects of a list are in it.'],
  ['an option beside it', ['--list', at('jobs.csv'), '--height', '128'], 'bad-request', 'cannot be used with'],
  ['neither', ['--audio', at('hello.wav')], 'bad-request', 'It is not said of which project.'],
])('%s is refused before anything is made', (_, words, error, message) => {
  const row = { project: 'Ada', audio: 'hello.wav', out: 'films/none.mp4' };
  writeFileSync(at('wrong.json'), JSON.stringify([row, { ...row, project: 'Eve', out: 'films/no.mp4' }]));
  expect(likeness('export', ...words)).toMatchObject({
    code: 2,
    json: { error: { code: error, message: expect.stringContaining(message) } },
  });
  expect([existsSync(at('films')), existsSync(at('wrong.results.json'))]).toEqual([false, false]);
});

it('killed while the second film is drawn, it leaves the first whole and no other', () => {
  const fixture = join(import.meta.dirname, 'killed-list.fixture.ts');
  const { signal } = spawnSync(process.execPath, [command[0]!, fixture, at('library'), at('jobs.csv')]);
  expect(signal).toBe('SIGKILL');
  expect(states()).toEqual(['made', 'waiting', 'waiting']);
  expect(filesOf().map((file) => file !== null)).toEqual([true, false, false]);
});

it('given again it makes the others, and the first not again', async () => {
  const [first] = filesOf();
  const { code, states: became, rows } = run();
  expect([code, became]).toEqual([0, ['there', 'made', 'made']]);
  expect(rows.map(({ row }) => row)).toEqual([2, 3, 4]);
  expect(states()).toEqual(became);
  expect(filesOf()[0]).toBe(first);
  expect(passing()).toEqual([]);
  const beside = (name: string): string[] => [`${name}.provenance.json`, ...(name === WEBM ? [`${name}.c2pa`] : [])];
  expect(readdirSync(at('films')).sort()).toEqual(OUTS.flatMap((name) => [name, ...beside(name)]).sort());
  for (const path of films.slice(0, 2)) {
    let count = 0;
    for await (const { height } of readFrames(tools, await probeVideo(tools, path))) count += height === 128 ? 1 : 0;
    expect(count).toBeGreaterThan(20);
  }
});

it('a third time it makes none', () => {
  const before = filesOf();
  expect(run().states).toEqual(['there', 'there', 'there']);
  expect(filesOf()).toEqual(before);
});

it('what is made of something else now, or was changed or removed since, is made again', () => {
  const before = filesOf();
  tone('hello.wav', 1, 5); // the first and the third say it
  expect(run().states).toEqual(['made', 'there', 'made']);
  expect(filesOf()[1]).toBe(before[1]);
  writeFileSync(films[2]!, 'half of it');
  rmSync(films[1]!);
  expect(run().states).toEqual(['there', 'made', 'made']);
});

it('a film that cannot be made is told, and the others are made', () => {
  writeFileSync(at('hello.wav'), 'no sound');
  const { code, states: became, rows } = run();
  expect([code, became]).toEqual([2, ['failed', 'there', 'failed']]);
  expect(rows[0]!.error).toMatchObject({ code: 'bad-audio' });
  expect(readFileSync(at('jobs.results.csv'), 'utf8')).toContain(rows[0]!.error!.message);
});

it('stopped, it keeps what is made and goes on when it is given again', async () => {
  tone('hello.wav', 1, 7);
  const studio = openStudio({ libraryDir: at('library') });
  try {
    const stop = new AbortController();
    let asked = 0;
    const follow = async <Result>(job: JobHandle<Result>): Promise<Result> => {
      asked += 1;
      if (asked === 2) {
        stop.abort();
        job.cancel();
      }
      return job.result;
    };
    const listed = await studio.lists.films({ kind: 'file', path: at('jobs.csv') });
    const how = { results: at('jobs.results.csv'), signal: stop.signal, follow, onRow: () => undefined };
    await expect(studio.lists.make(listed, how)).rejects.toMatchObject({
      code: 'cancelled',
      message: 'The list was stopped: 2 of 3 films are there.',
    });
  } finally {
    await studio.close();
  }
  expect(states()).toEqual(['made', 'there', 'waiting']);
  expect(run().states).toEqual(['there', 'there', 'made']);
});
