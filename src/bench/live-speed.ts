/** How fast live pictures come over a real line: the web host, and a window that only counts. */
import { initialTake } from '../shared/domain/take.ts';
import { type GraphName, openAvatar } from '../main/studio/engine/index.ts';
import type { Studio } from '../main/studio/studio.ts';
import { onLiveLine } from './live-line.ts';
import type { LiveSpeed } from './result.ts';
import { spreadOf } from '../main/studio/engine/numbers/spread.ts';
import { unlessStopped } from './stopped.ts';

const HEIGHT = 360;
/** Where the computer can. */
const LARGE = 720;
/** Line and engine are timed in turns, so that a busy computer slows both alike. */
const ROUNDS = 3;
/** Of each, a share of what is asked for. */
const ROUND = 0.4;
/** The same frames for everybody: steps that are no neighbours, as a scrub's are not. */
const SCRUB_STEP = 37;

/**
 * Pictures a second with two wishes under way, which keeps the engine busy, beside what the engine does without a line;
 * then one wish at a time, jumping about, as a scrub does. Raises StudioError('not-found' | 'bad-bundle' |
 * 'cancelled').
 */
export async function liveSpeed(
  studio: Studio,
  project: string,
  threads: number,
  seconds: number,
  signal: AbortSignal,
): Promise<LiveSpeed> {
  const roundMs = 1000 * ROUND * seconds;
  const { id, source } = studio.library.projects.find(project);
  return onLiveLine(studio, threads, async (window) => {
    const { graph } = await window.show(id, HEIGHT);
    const engine = await openAvatar(studio.avatars.path(id), { graph: graph as GraphName, threads });
    try {
      await window.speak(initialTake(source));
      await window.ask(0, 2, (count) => count); // warm-up
      const [alone, scrub]: [number[], number[]] = [[], []];
      const busy: { pictures: number; ms: number; delays: number[] } = { pictures: 0, ms: 0, delays: [] };
      for (let round = 0; round < ROUNDS; round++) {
        unlessStopped(signal);
        alone.push((await engine.bench({ height: HEIGHT, budgetMs: roundMs })).fps);
        const { pictures, ms, delays } = await window.ask(roundMs, 2, (count) => count);
        busy.pictures += pictures;
        busy.ms += ms;
        busy.delays.push(...delays);
        scrub.push(...(await window.ask(roundMs, 1, (count) => (count * SCRUB_STEP) % source.frames)).delays);
      }
      const large = await onLiveLine(studio, threads, async (another) => {
        await another.show(id, LARGE);
        await another.ask(0, 2, (count) => count); // warm-up
        return another.ask(roundMs, 2, (count) => count);
      });
      return {
        model: graph,
        height: HEIGHT,
        fps: (busy.pictures / busy.ms) * 1000,
        engineFps: ROUNDS / alone.reduce((sum, fps) => sum + 1 / fps, 0),
        ...spreadOf(busy.delays),
        scrub: spreadOf(scrub),
        large: { height: LARGE, fps: (large.pictures / large.ms) * 1000, ...spreadOf(large.delays) },
      };
    } finally {
      await engine.close();
    }
  });
}
