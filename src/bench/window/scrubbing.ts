import type { TimedWindow } from './timed-window.ts';

/** Steps are no neighbours: the golden section goes all over the video and comes to no place twice. */
const GOLDEN = 0.618034;
/** So much of the lanes is video at any length, when all of it is shown. */
const FILLED = 0.94;
/** A press of the mode's key. */
const KEYS = { source: '1', avatar: '2' } as const;

/** From each move of a scrub to its frame on the stage, milliseconds; the next move waits for it. */
export async function scrubOver(
  window: TimedWindow,
  picture: 'source' | 'avatar',
  seconds: number,
): Promise<readonly number[]> {
  const { page } = window;
  await page.keyboard.press(KEYS[picture]);
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const place = (step: number) => [lanes.x + FILLED * lanes.width * ((step * GOLDEN) % 1), lanes.y + 60] as const;
  await page.mouse.move(...place(0));
  await page.mouse.down();
  const delays: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let step = 1; performance.now() < end || delays.length < 5; step++)
    delays.push(await window.scrubTo(...place(step), picture));
  await page.mouse.up();
  return delays;
}
