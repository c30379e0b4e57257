import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CredentialsFound } from '../../../shared/contract/credentials.ts';
import { verdictLines } from '../../../shared/domain/verified.ts';
import { watermarked } from '../export/marking.ts';
import { ffmpeg, scratchFolder, tools } from '../media/clips.fixture.ts';
import { openVideoSink, probeVideo, readFrames } from '../media/index.ts';
import { verifyFile } from './index.ts';
import { planeOf } from './watermark.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
const AVATAR = '0f0ee229f3'.padEnd(64, '7');
const SAID = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

beforeAll(async () => {
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'gradients=s=384x288:r=25:n=4:seed=3',
    '-frames:v',
    '8',
    '-pix_fmt',
    'yuv420p',
    at('plain.mp4'),
  );
  await film('film.mp4');
});
afterAll(() => rm(folder, { recursive: true }));

const verify = (path: string, credentials: CredentialsFound = { kind: 'none' }) =>
  verifyFile(tools, path, async () => credentials);

/** The plain video as an export of that avatar marks it. */
async function film(name: string): Promise<void> {
  const video = await probeVideo(tools, at('plain.mp4'));
  async function* pictures() {
    for await (const frame of readFrames(tools, video, { pixelFormat: 'yuv420p' }))
      yield { picture: Promise.resolve(frame) };
  }
  const drawn = watermarked({ format: 'yuv420p', spare: [], pictures: pictures() }, AVATAR);
  const metadata = { software: 'Likeness', digitalSourceType: SAID, 'likeness.avatar': AVATAR };
  const { width, height, fps } = video.source;
  const sink = openVideoSink(tools, { path: at(name), width, height, fps, pixelFormat: 'yuv420p', metadata });
  for await (const { picture } of drawn.pictures) await sink.write((await picture).pixels);
  await sink.finish();
}

it('an export is known for sure by its watermark, and says so in its metadata', async () => {
  const found = await verify(at('film.mp4'));
  expect(found).toMatchObject({
    sureness: 'sure',
    watermark: { kind: 'found', avatar: AVATAR.slice(0, 9) },
    metadata: { kind: 'found', generated: true, software: 'Likeness', avatar: AVATAR },
    record: { kind: 'none' },
  });
  expect(verdictLines(found)[0]).toBe('Made with Likeness: its watermark was read.');
});

it('coded again without its tags it is known by its watermark alone', async () => {
  await ffmpeg('-i', at('film.mp4'), '-map_metadata', '-1', '-vf', 'scale=330:-2', '-crf', '20', at('again.mkv'));
  expect(await verify(at('again.mkv'))).toMatchObject({
    sureness: 'sure',
    watermark: { kind: 'found', avatar: AVATAR.slice(0, 9) },
    metadata: { kind: 'none' },
  });
});

it('what only says so is not believed', async () => {
  const own = ['-movflags', 'use_metadata_tags', '-metadata', `likeness.avatar=${AVATAR}`];
  await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', ...own, '-metadata', `comment=${SAID}`, at('said.mp4'));
  expect(await verify(at('said.mp4'))).toMatchObject({
    sureness: 'said',
    watermark: { kind: 'none' },
    metadata: { kind: 'found', generated: true, avatar: AVATAR },
  });
});

it('what another program made says nothing of this one', async () => {
  await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', '-metadata', `comment=${SAID}`, at('others.mp4'));
  const found = await verify(at('others.mp4'));
  expect(found).toMatchObject({ sureness: 'nothing', metadata: { kind: 'found', generated: true, avatar: null } });
  expect(verdictLines(found).slice(0, 3)).toEqual([
    expect.stringContaining('Nothing of Likeness was found.'),
    expect.stringContaining('Watermark: none'),
    'Metadata: says that it is made by software',
  ]);
});

it('a record beside a file counts where it is of that very file', async () => {
  await writeFile(at('kept.mp4'), 'a film that is so damaged that nothing of it is left');
  const found = await verify(at('kept.mp4'));
  expect(found).toMatchObject({ sureness: 'nothing', metadata: { kind: 'none' }, record: { kind: 'none' } });
  const record = {
    format: 'likeness.provenance',
    createdAt: '2026-01-02T03:04:05.000Z',
    producer: 'Likeness 0.1.0',
    output: { sha256: found.sha256 },
    avatar: { id: AVATAR, name: 'Ada' },
  };
  const beside = at('kept.mp4.provenance.json');
  await writeFile(beside, JSON.stringify(record));
  expect(await verify(at('kept.mp4'))).toMatchObject({
    sureness: 'said',
    record: { kind: 'matches', name: 'Ada' },
  });
  await writeFile(beside, JSON.stringify({ ...record, output: { sha256: 'a'.repeat(64) } }));
  expect(await verify(at('kept.mp4'))).toMatchObject({ sureness: 'nothing', record: { kind: 'other' } });
  for (const strange of ['not JSON', JSON.stringify({ ...record, more: 'x'.repeat(1 << 20) })]) {
    await writeFile(beside, strange);
    expect(await verify(at('kept.mp4'))).toMatchObject({ record: { kind: 'unreadable' } });
  }
});

it.skipIf(process.platform === 'win32')('what is no file beside a film is not waited for', async () => {
  await writeFile(at('piped.mp4'), 'a film');
  execFileSync('mkfifo', [at('piped.mp4.provenance.json')]);
  expect(await verify(at('piped.mp4'))).toMatchObject({ record: { kind: 'none' } });
});

it('a short film is looked at as one that shows the same for longer', async () => {
  const long = ['-vf', 'loop=loop=-1:size=1', '-frames:v', '50', '-c:v', 'ffv1'];
  await ffmpeg('-i', at('film.mp4'), ...long, at('still.mkv'));
  await ffmpeg('-i', at('still.mkv'), '-frames:v', '5', '-c', 'copy', at('short.mkv'));
  const [short, whole] = [await planeOf(tools, at('short.mkv')), await planeOf(tools, at('still.mkv'))];
  const apart = short.values.reduce((most, value, at) => Math.max(most, Math.abs(value - whole.values[at]!)), 0);
  expect(apart).toBeCloseTo(0, 3);
});

it('a text has no pictures, and what is not there is said', async () => {
  await writeFile(at('notes.txt'), 'no film');
  expect(await verify(at('notes.txt'))).toMatchObject({
    sureness: 'nothing',
    watermark: { kind: 'unread' },
  });
  await expect(verify(at('gone.mp4'))).rejects.toMatchObject({ code: 'not-found' });
});

describe('what is signed', () => {
  const signed: Extract<CredentialsFound, { kind: 'valid' }> = {
    kind: 'valid',
    signer: 'Likeness local, not verified by anybody',
    certificate: 'local',
    generator: 'Likeness 0.1.0',
    title: 'Ada',
    generated: true,
    actions: ['c2pa.created'],
    ingredients: [{ title: 'Sound', relationship: 'componentOf' }],
  };

  it('by this library is sure, and says what is asserted', async () => {
    const found = await verify(at('plain.mp4'), signed);
    expect(found.sureness).toBe('sure');
    expect(verdictLines(found).filter((line) => !/^(Watermark|Metadata|Record)/.test(line))).toEqual([
      'Made with Likeness: this library signed it, and it was not changed since.',
      'Content Credentials: valid: the file is as it was when it was signed',
      'Signed by: "Likeness local, not verified by anybody": ' +
        'the local certificate of this library, which nobody verified',
      'Says: by Likeness 0.1.0; generated by AI, all of it or part; created',
      'Made of: Sound (a part of it)',
    ]);
  });

  it('by somebody else is only said, whatever name they took; a program of theirs is nothing of this one', async () => {
    expect((await verify(at('plain.mp4'), { ...signed, certificate: 'unknown' })).sureness).toBe('said');
    expect((await verify(at('plain.mp4'), { ...signed, certificate: 'own', generator: 'Other 1' })).sureness).toBe(
      'nothing',
    );
  });

  it('and changed since is no proof, and the verdict says so', async () => {
    const changed: CredentialsFound = { ...signed, kind: 'changed', problems: ['assertion.bmffHash.mismatch'] };
    const found = await verify(at('film.mp4'), changed);
    expect(found.sureness).toBe('sure'); // by its watermark
    expect(verdictLines(found)[0]).toBe(
      'Made with Likeness: its watermark was read. It was changed after it was signed.',
    );
    expect((await verify(at('plain.mp4'), changed)).sureness).toBe('nothing');
  });
});
