import type { TimedWindow } from './timed-window.ts';

/** The playhead's pictures come evenly only after a while. */
const SETTLE_MS = 1500;
/** Presses of L: each doubles the speed. */
const FASTER = 2;

/**
 * Pictures of the avatar a second: at the speed of the video with its sound, and at a speed that asks for more than can
 * come.
 */
export async function play(window: TimedWindow, seconds: number): Promise<{ fps: number; mostFps: number }> {
  const { page } = window;
  await page.keyboard.press('2'); // the avatar
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+L'); // a short video comes round again
  await page.keyboard.press('Space');
  await page.waitForTimeout(SETTLE_MS);
  const fps = await window.paintedPerSecond(seconds);
  for (let press = 0; press < FASTER; press++) await page.keyboard.press('l');
  await page.waitForTimeout(SETTLE_MS);
  const mostFps = await window.paintedPerSecond(seconds);
  await page.keyboard.press('k');
  await page.keyboard.press('Shift+L');
  return { fps, mostFps };
}
