import { afterEach, expect, test, vi } from 'vitest';
import { floats, parseSafetensors } from '../../../../shared/binary/index.ts';
import { openTrack } from './track.ts';
import { ranges, trackFile } from './track.fixture.ts';

afterEach(() => vi.unstubAllGlobals());

const serve = (bytes: () => Uint8Array<ArrayBuffer>) => {
  const served = ranges(bytes);
  vi.stubGlobal('fetch', served.fetch);
  return served;
};

test('a track is read by ranges, its landmarks only when they are asked for', async () => {
  const file = trackFile(600);
  const served = serve(() => file);
  const track = await openTrack('/track');
  expect(track).toMatchObject({ frames: 600, focal: 1730.5, principal: [548, 931] });
  expect(track.state[3]).toBe(2);
  const whole = parseSafetensors(file);
  expect(track.rotation).toEqual(floats(whole, 'rotation', [600, 3, 3]));
  const before = served.asked.length;
  expect(track.landmarks.at(300)).toBeUndefined();
  await new Promise<void>((resolve) => void track.landmarks.onArrival(resolve));
  expect(served.asked.length).toBe(before + 1);
  expect(track.landmarks.at(300)).toEqual(
    floats(whole, 'landmarks', [600, 478, 3]).slice(300 * 478 * 3, 301 * 478 * 3),
  );
  const fetched = served.asked
    .map((range) => /(\d+)-(\d+)/.exec(range)!)
    .reduce((sum, [, from, to]) => sum + Number(to) - Number(from) + 1, 0);
  expect(fetched).toBeLessThan(file.length - 300 * 478 * 12); // at least half of the landmarks was not asked for
});

test('what does not fit is said, and what to do', async () => {
  serve(() => trackFile(4, { expression: { shape: [5, 64], values: new Float32Array(320) } }));
  await expect(openTrack('/track')).rejects.toMatchObject({
    code: 'internal',
    hint: expect.stringContaining('again'),
    detail: expect.stringContaining('expression'),
  });
  serve(() => trackFile(4, { triangles: { shape: [898, 3], values: new Int32Array(898 * 3).fill(468) } }));
  await expect(openTrack('/track')).rejects.toMatchObject({ detail: expect.stringContaining('outside') });
  serve(() => new Uint8Array(100));
  await expect(openTrack('/track')).rejects.toMatchObject({ code: 'internal' });
});

test('a track of another version is refused with what to do', async () => {
  serve(() => trackFile(4, {}, '0'));
  await expect(openTrack('/track')).rejects.toMatchObject({
    message: expect.stringContaining('older Likeness'),
    hint: 'Analyse the video again.',
  });
  serve(() => trackFile(4, {}, '2'));
  await expect(openTrack('/track')).rejects.toMatchObject({
    message: expect.stringContaining('newer Likeness'),
    hint: expect.stringContaining('Update Likeness'),
  });
});

test('a file that is replaced while it is read is not mixed with the new one', async () => {
  const [old, next] = [trackFile(400), trackFile(500)];
  let answers = 0;
  serve(() => (answers++ === 0 ? old : next));
  await expect(openTrack('/track')).rejects.toMatchObject({ detail: expect.stringContaining('changed') });
});

test('a video that was not checked has no track', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  await expect(openTrack('/track')).rejects.toMatchObject({ code: 'not-found' });
});
