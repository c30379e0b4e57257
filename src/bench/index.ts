/**
 * How fast an avatar and the window are on this computer. The one door: the command line asks for it when it is wanted,
 * and no installed program has it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../shared/contract/index.ts';
import type { Studio } from '../main/studio/studio.ts';
import { engineSpeed } from './engine-speed.ts';
import { liveSpeed } from './live-speed.ts';
import { profile } from './profile/index.ts';
import type { BenchResult } from './result.ts';
import { canLaunchBrowser, launchBrowser } from './window/browser.ts';
import { windowSpeed } from './window/index.ts';
import type { WindowSpeed } from './window/speed.ts';

export { benchLines } from './lines.ts';
export { BenchResult } from './result.ts';

export interface BenchRequest {
  /** An id or a unique name; the newest with an avatar by default. */
  readonly project?: string | undefined;
  /** For the graphs. */
  readonly threads: number;
  /** How long each figure is taken. */
  readonly seconds: number;
  /** How much live sound is heard; as much as fits in `seconds` by default. */
  readonly liveMinutes?: number | undefined;
  /** Whether to say where the time of a frame goes. */
  readonly profile: boolean;
}

interface Onlooker {
  readonly signal: AbortSignal;
  /** A remark on the way. */
  readonly note: (line: string) => void;
}

/** Raises StudioError('not-found' | 'bad-bundle' | 'bad-audio' | 'cancelled'). */
export async function bench(studio: Studio, request: BenchRequest, onlooker: Onlooker): Promise<BenchResult> {
  const { threads, seconds, liveMinutes } = request;
  const audioPath = join(studio.installation.resources, 'sample', 'other-voice.wav');
  const project = request.project ?? newestWithAvatar(studio);
  const avatarPath = studio.avatars.path(project);
  onlooker.note(`Timing ${avatarPath} with ${threads} threads ...`);
  const tools = await studio.tools();
  const engine = await engineSpeed(
    {
      tools,
      avatarPath,
      filmed: filmedOf(studio, project),
      audioPath,
      threads,
      seconds,
      liveMinutes,
    },
    onlooker.signal,
  );
  const live = await liveSpeed(studio, project, threads, seconds, onlooker.signal);
  const window = await inBrowser(studio, project, seconds, onlooker);
  const profiled = request.profile
    ? await profile(
        { studio, project, filmed: filmedOf(studio, project), tools, audioPath, threads, seconds },
        onlooker.signal,
      )
    : undefined;
  return { ...engine, live, ...(window ? { window } : {}), ...(profiled ? { profile: profiled } : {}) };
}

/** Undefined, and a line that says why, where the window cannot be timed. */
async function inBrowser(
  studio: Studio,
  project: string,
  seconds: number,
  { signal, note }: Onlooker,
): Promise<WindowSpeed | undefined> {
  const windowDir = join(studio.installation.root, 'out', 'window');
  const leaveOut = (why: string): undefined => {
    note(`The window was not timed: ${why}`);
  };
  if (!canLaunchBrowser()) return leaveOut('no browser is installed for it ("npm install" brings one).');
  if (!existsSync(join(windowDir, 'index.html'))) return leaveOut('it has not been built ("npm run build:window").');
  const browser = await launchBrowser().catch((error: unknown) =>
    leaveOut(`the browser did not start. ${String(error).split('\n')[0]}`),
  );
  try {
    return browser && (await windowSpeed({ browser, studio, project, windowDir, seconds, signal }));
  } catch (error) {
    // an avatar without its video
    if (error instanceof StudioError && error.code === 'not-found') return leaveOut(error.message);
    throw error;
  } finally {
    await browser?.close();
  }
}

function newestWithAvatar(studio: Studio): string {
  const newest = studio.projects.list().find(({ trained }) => trained);
  if (newest) return newest.id;
  throw new StudioError({
    code: 'not-found',
    message: 'There is no avatar in this library to time.',
    hint: 'Train one first, or run "npm run demo" and name its library with --library.',
  });
}

/** A project's video and its analysis; undefined where there is only the avatar. */
function filmedOf({ library }: Studio, project: string): { source: string; analysisDir: string } | undefined {
  const found = library.projects.find(project);
  if (!found.sourceFile) return undefined;
  return { source: library.sourcePath(found), analysisDir: library.paths.analysis(found.id) };
}
