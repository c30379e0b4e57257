import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { waveFile } from '../studio/export/wave.fixture.ts';
import { tools } from '../studio/media/clips.fixture.ts';
import { probeVideo } from '../studio/media/index.ts';

// What one computer of a farm is asked for; the farm itself is in `npm run counts -- farm`.
const folder = mkdtempSync(join(tmpdir(), 'likeness-farm-'));
const at = (...parts: string[]): string => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
copyFileSync(TINY, at('ada.likeness'));
const samples = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * Math.sin(i / 9));
writeFileSync(at('hello.wav'), waveFile(samples, 16_000));
mkdirSync(at('out'));
const look = { mode: 'portrait', height: 128, format: 'mp4', quality: 'good', shape: 'own' } as const;
const order = {
  name: 'one.mp4',
  look: { ...look, background: { kind: 'colour', colour: '#102030' } },
  speech: {},
  madeOf: 'f'.repeat(64),
  files: { avatar: at('ada.likeness'), sound: at('hello.wav') },
  folder: at('out'),
};

function film(): ChildProcess {
  const words = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'index.ts')];
  const asked = ['--library', at('library'), '--json', 'farm', 'film'];
  return spawn(process.execPath, [...words, ...asked], { stdio: ['pipe', 'pipe', 'ignore'] });
}

async function answerTo(line: string): Promise<{ readonly code: unknown; readonly json: unknown }> {
  const child = film();
  const ended = once(child, 'exit');
  child.stdin!.write(`${line}\n`); // and left open: whoever asked is still there
  const said = await text(child.stdout!);
  return { code: (await ended)[0], json: JSON.parse(said) };
}

it('makes the film that it is asked for, of the same avatar again without taking it in again', async () => {
  const first = await answerTo(JSON.stringify(order));
  expect(first).toEqual({ code: 0, json: { frames: 25, seconds: 1 } });
  const again = await answerTo(JSON.stringify({ ...order, name: 'two.mp4' }));
  expect(again).toEqual(first);
  expect((await probeVideo(tools, at('out', 'two.mp4'))).source.frames).toBe(25);
  const record = JSON.parse(readFileSync(at('out', 'two.mp4.provenance.json'), 'utf8')) as { madeOf: string };
  expect(record.madeOf).toBe(order.madeOf);
});

it.each([
  ['another version’s', { ...order, look: { ...look, shape: 'round' } }],
  ['one that would leave its folder', { ...order, name: '../one.mp4' }],
  ['nonsense', 7],
])('%s order is refused', async (_, wrong) => {
  const message = 'This computer does not understand what it is asked for.';
  expect(await answerTo(JSON.stringify(wrong))).toMatchObject({ code: 2, json: { error: { message } } });
});

it('stops when whoever asked has gone, and leaves no film', async () => {
  const child = film();
  child.stdin!.end(`${JSON.stringify({ ...order, name: 'gone.mp4' })}\n`);
  expect(JSON.parse(await text(child.stdout!))).toMatchObject({ error: { code: 'cancelled' } });
  expect(existsSync(at('out', 'gone.mp4'))).toBe(false);
});

it('a computer that makes no film at a time is none of a farm', async () => {
  const words = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'index.ts')];
  const asked = ['--library', at('library'), '--json', 'farm', 'start', '--films', '0'];
  const child = spawn(process.execPath, [...words, ...asked], { stdio: ['ignore', 'pipe', 'ignore'] });
  const message = expect.stringContaining('It must be 1 or above.');
  expect(JSON.parse(await text(child.stdout))).toMatchObject({ error: { code: 'bad-request', message } });
});
