import { expect, it } from 'vitest';
import { Resampler } from './resampler.ts';

const tone = (hertz: number, rate: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

it.each([48_000, 44_100, 96_000, 16_000])('a tone at %d Hz is the same tone at 16 kHz', (rate) => {
  const out = new Resampler(rate, 16_000).push(tone(1000, rate, rate / 5));
  const expected = tone(1000, 16_000, out.length);
  expect(out.length).toBeGreaterThan(3100);
  for (let i = 100; i < out.length; i++) expect(Math.abs(out[i]! - expected[i]!)).toBeLessThan(0.003);
});

it('what 16 kHz cannot hold is not heard', () => {
  const out = new Resampler(48_000, 16_000).push(tone(11_000, 48_000, 9600));
  expect(Math.max(...out.subarray(100).map(Math.abs))).toBeLessThan(0.002);
});

it('pieces are those of the whole', () => {
  const sound = tone(440, 44_100, 20_000);
  const whole = new Resampler(44_100, 16_000).push(sound);
  const pieces = new Resampler(44_100, 16_000);
  const out: number[] = [];
  for (let at = 0, k = 0; at < sound.length; k++) {
    const size = 1 + ((k * 37) % 1200);
    out.push(...pieces.push(sound.subarray(at, at + size)));
    at += size;
  }
  expect(out.length).toBe(whole.length);
  for (let i = 0; i < out.length; i++) expect(out[i]).toBeCloseTo(whole[i]!, 5);
});
