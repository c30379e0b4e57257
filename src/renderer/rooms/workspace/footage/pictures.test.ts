import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SourcePictures } from './pictures.ts';

interface Request {
  readonly frame: number;
  answer(ok?: boolean): Promise<void>;
}
let requests: Request[] = [];
const closed: number[] = [];
const times = Array.from({ length: 100 }, (_, frame) => frame / 25);
const BYTES = 100 * 50 * 4;

beforeEach(() => {
  requests = [];
  closed.length = 0;
  vi.stubGlobal(
    'fetch',
    (url: string) =>
      new Promise((resolve) => {
        const frame = Number(url);
        requests.push({
          frame,
          answer: async (ok = true) => {
            requests = requests.filter((one) => one.frame !== frame);
            resolve({ ok, status: ok ? 200 : 404, blob: async () => frame });
            await new Promise((done) => setTimeout(done, 0));
          },
        });
      }),
  );
  vi.stubGlobal('createImageBitmap', async (frame: number) => ({
    width: 100,
    height: 50,
    frame,
    close: () => closed.push(frame),
  }));
});
afterEach(() => vi.unstubAllGlobals());

const open = (kept: number) => new SourcePictures({ times, url: String, budget: kept * BYTES });
const asked = () => requests.map(({ frame }) => frame);
const answer = (frame: number, ok = true) => requests.find((one) => one.frame === frame)!.answer(ok);

test('the frame shown at a time is the last that has begun', () => {
  const pictures = open(10);
  expect([-1, 0, 0.039, 0.04, 0.0399999999, 1.99, 3.96, 999].map((seconds) => pictures.frameAt(seconds))).toEqual([
    0, 0, 0, 1, 1, 49, 99, 99,
  ]);
  expect(new SourcePictures({ times: [0.5, 1.5], url: String }).frameAt(0)).toBe(0); // a source that starts late
});

test('the newest wish goes first, and one that was overtaken is never asked for', async () => {
  const pictures = open(50);
  pictures.want(10, 0);
  expect(asked()).toEqual([10, 11, 9]); // one place is kept for what comes next
  pictures.want(70, 0);
  pictures.want(80, 0);
  expect(asked()).toEqual([10, 11, 9, 70]);
  await answer(9);
  expect(asked()).toEqual([10, 11, 70, 80]); // the wish took the place, not a neighbour of an older one
  pictures.want(90, 0);
  pictures.want(95, 0);
  await answer(70);
  expect(asked()).toContain(95);
  expect(asked()).not.toContain(90);
});

test('while it plays, what comes next is fetched ahead', async () => {
  const pictures = open(50);
  pictures.want(20, 1);
  expect(asked()).toEqual([20, 21, 22]);
  await answer(20);
  expect(asked()).toEqual([21, 22, 23]);
  const back = open(50);
  requests = [];
  back.want(20, -1);
  expect(asked()).toEqual([20, 19, 18]);
});

test('pictures used last are kept, others closed when the room is used up', async () => {
  const pictures = open(3);
  for (const frame of [1, 2, 3]) {
    const loaded = pictures.load(frame);
    await answer(frame);
    expect(await loaded).toMatchObject({ frame });
  }
  pictures.get(1); // used again
  const fourth = pictures.load(4);
  await answer(4);
  await fourth;
  expect(closed).toEqual([2]);
  expect([1, 2, 3, 4].map((frame) => pictures.get(frame) !== undefined)).toEqual([true, false, true, true]);
  expect(pictures.nearest(9)).toMatchObject({ frame: 4 });
});

test('what is loaded comes, behind the wish, whatever is wished for', async () => {
  const pictures = open(50);
  pictures.want(50, 0);
  const strip = pictures.load(5);
  await answer(51);
  expect(asked()).toContain(5);
  await answer(5);
  expect(await strip).toMatchObject({ frame: 5 });
});

test('a picture that is missing is said, and asked for again when somebody loads it', async () => {
  const pictures = open(50);
  const heard = vi.fn<(frame: number) => void>();
  pictures.onPicture(heard);
  const loaded = pictures.load(7);
  const refused = loaded.catch((error: unknown) => error);
  await answer(7, false);
  expect(await refused).toMatchObject({ code: 'not-found' });
  expect(pictures.failure(7)?.hint).toContain('again');
  expect(heard).toHaveBeenCalledWith(7);
  pictures.want(7, 0);
  expect(asked()).not.toContain(7); // not at once
  const again = pictures.load(7);
  await answer(8).catch(() => undefined);
  await answer(7);
  expect(await again).toMatchObject({ frame: 7 });
  expect(pictures.failure(7)).toBeUndefined();
});

test('closing gives everything back, late arrivals too', async () => {
  const pictures = open(50);
  const here = pictures.load(1);
  await answer(1);
  await here;
  const never = pictures.load(2);
  pictures.close();
  await expect(never).rejects.toMatchObject({ code: 'cancelled' });
  await answer(2);
  expect(closed.toSorted((a, b) => a - b)).toEqual([1, 2]);
});
