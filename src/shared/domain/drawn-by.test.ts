import { expect, it } from 'vitest';
import { drawnBy } from './drawn-by.ts';

const closed = { psnr: { head: 33.4, face: 32.5, mouth: 31.3 } };
const std = { psnr: { head: 31.4, face: 29.5, mouth: 30.3 } };

it('says what shows, and by how much it is ahead', () => {
  expect(drawnBy({ draws: 'closed', closed, std })).toBe(
    "It shows the video's own frames: on frames never seen that is 2.0 dB closer than what was trained " +
      '(head 2.0, face 3.0, mouth 1.0).',
  );
  expect(drawnBy({ draws: 'std', closed: std, std: closed })).toBe(
    "It shows what was trained: on frames never seen that is 2.0 dB closer than the video's own frames " +
      '(head 2.0, face 3.0, mouth 1.0).',
  );
});

it('says that nothing was trained, and nothing of avatars that have one form', () => {
  expect(drawnBy({ draws: 'closed', closed })).toBe("It shows the video's own frames; nothing was trained.");
  expect(drawnBy({})).toBeNull();
});
