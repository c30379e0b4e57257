import { expect, test } from 'vitest';
import type { Quality } from '../../shared/contract/index.ts';
import { lines, watch } from './evaluate.ts';

const db = { head: 33, face: 32, mouth: 31 };
const closure = { precision: null, recall: null };
const quality: Quality = {
  psnr: db,
  ssim: { head: 0.9, face: 0.9 },
  sharpness: { face: 0.8, mouth: 0.7 },
  lmd: 0.01,
  apertureR: null,
  closure,
  jitter: 2,
  fps: 20,
};

test("what was measured at the source's own size is told below, where there is any", () => {
  const report = { ...quality, frames: 45, baselines: { nearest: quality, warp: quality } };
  expect(lines(report).filter((line) => line.startsWith('PSNR face'))).toHaveLength(1);

  const native = { ...quality, psnr: { ...db, face: 30.5 }, cpbd: null, change: null, flicker: null };
  const told = lines({
    ...report,
    native,
    truth: { cpbd: 0.5, native: { side: 512, frames: 40, cpbd: 0.4 } },
    report: { html: '/r/report.html', film: '/r/film.mp4', figures: '/r/report.json' },
  });
  const at = told.indexOf("at 512 pixels, the source's own resolution, on 40 frames:");
  expect(told[at + 2]!.split(/\s{2,}/)).toEqual(['PSNR face, dB', '30.50', '-', '-', '-', '-']);
  expect(told.slice(-2)).toEqual(['/r/report.html', '/r/film.mp4']);
});

test('what an avatar shows in its own motion stands beside what controls alone say, and says what it knows', () => {
  const report = { ...quality, frames: 45, baselines: { nearest: quality, warp: quality, instant: quality } };
  expect(lines(report).some((line) => /sway/i.test(line))).toBe(false);
  const told = lines({ ...report, sway: { ...quality, psnr: { ...db, face: 34.25 } } });
  expect(told[0]!.endsWith('   closed form with its sway')).toBe(true);
  expect(
    told
      .find((line) => line.startsWith('PSNR face'))!
      .split(/\s{2,}/)
      .slice(-2),
  ).toEqual(['32.00', '34.25']);
  expect(told.find((line) => line.startsWith('With its sway'))).toContain('tracked in these frames too');
});

test.each([
  [0.0333, 'best 0.81 with the driven mouth 33 ms late'],
  [-0.0333, 'best 0.81 with the driven mouth 33 ms early'],
  [0, 'best 0.81'],
])('a lag of %s s is told as one says it', (lagSeconds, said) => {
  const [, opening] = watch({
    path: '/a.mp4',
    frames: 50,
    heldOut: 5,
    fps: 25,
    start: 0,
    opening: { r: 0.8, heldOutR: null, bestR: 0.81, lagSeconds },
  });
  expect(opening).toBe(`opening filmed and driven, r 0.80, held out -; ${said}`);
});
