import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { BenchResult, StudioError } from '../../shared/contract/index.ts';
import type { WindowSpeed } from '../../shared/contract/window-speed.ts';
import { benchmark } from '../../bench/engine-speed.ts';
import type { Studio } from '../studio/studio.ts';
import { liveSpeed } from '../../bench/live-speed.ts';
import { canLaunchBrowser, launchBrowser, windowSpeed } from '../../bench/window/index.ts';
import { positiveNumber, wholeNumber } from './arguments.ts';
import { benchLines } from '../../bench/lines.ts';
import type { InSession, Session } from './session.ts';
import { answer, note } from './terminal.ts';

interface Options {
  readonly threads: number;
  readonly seconds: number;
  readonly liveMinutes?: number;
}

export function addBench(program: Command, inSession: InSession): void {
  program
    .command('bench')
    .description(
      'Times an avatar on this computer: each graph, the live line, the speech chain, an export, and the window in a browser.',
    )
    .argument('[project]', 'an id or a unique name (default: the newest with an avatar)')
    .option('--threads <number>', 'threads for the graphs', wholeNumber, 2)
    .option('--seconds <number>', 'how long each figure is taken', positiveNumber, 5)
    .option(
      '--live-minutes <number>',
      'how much live sound is heard, for its memory (default: as much as fits)',
      positiveNumber,
    )
    .action((named: string | undefined, options: Options) =>
      inSession(async (session) => {
        const { studio, terminal, signal } = session;
        const { threads, seconds, liveMinutes } = options;
        const project = named ?? newestWithAvatar(studio);
        const request = {
          tools: await studio.tools(),
          avatarPath: studio.avatars.path(project),
          audioPath: join(studio.installation.resources, 'sample', 'other-voice.wav'),
          threads,
          seconds,
          liveMinutes,
        };
        note(terminal, `Timing ${request.avatarPath} with ${threads} threads ...`);
        const engine = await benchmark(request, signal);
        const live = await liveSpeed(studio, project, threads, seconds, signal);
        const window = await inBrowser(session, project, options);
        const result = { ...engine, live, ...(window ? { window } : {}) };
        answer(terminal, BenchResult, result, benchLines(result));
      }),
    );
}

/** Undefined, and a line that says why, where the window cannot be timed. */
async function inBrowser(
  { studio, terminal, signal }: Session,
  project: string,
  { seconds }: Options,
): Promise<WindowSpeed | undefined> {
  const windowDir = join(studio.installation.root, 'out', 'window');
  const leaveOut = (why: string): undefined => {
    note(terminal, `The window was not timed: ${why}`);
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
