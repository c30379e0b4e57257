import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TINY } from '../../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../../src/main/studio/media/clips.fixture.ts';
import { probeVideo } from '../../src/main/studio/media/index.ts';
import { openStudio } from '../../src/main/studio/studio.ts';
import { answerOf, likenessOn, type Started } from '../likeness.ts';
import { done, fault, type Outcome, type Tally } from './tally.ts';

const FILMS = 30;
const PORT = 6391;

/** A list over two workers of a farm, of which one is killed half-way: every film once, none broken. Linux. */
export async function countFarm(tally: Tally): Promise<void> {
  if (process.platform !== 'linux') return console.log('farm: computers of one machine are tried on Linux');
  const folder = mkdtempSync(join(tmpdir(), 'likeness-farm-'));
  const first = likenessOn(join(folder, 'first'));
  const second = likenessOn(join(folder, 'second'));
  const started: Started[] = [];
  try {
    const table = await listIn(folder);
    started.push(first.start('farm', 'start', '--port', String(PORT)));
    const { address, token } = await answerOf<{ address: string; token: string }>(started[0]!);
    process.env['LIKENESS_FARM_TOKEN'] = token;
    started.push(second.start('farm', 'join', address));
    await answerOf(started[1]!);
    await tally.try(`${FILMS} films, one of two workers killed`, async () => {
      const list = first.start('export', '--list', table, '--farm');
      await list.until((log) => log.split('  made  ').length > FILMS / 3);
      killTree(started[1]!.child.pid!);
      const { code } = await list.answer;
      return code === 0 ? done : fault('not all', `exit ${code}`);
    });
    for (let k = 0; k < FILMS; k += 1) await tally.try(`film ${k}`, () => whole(join(folder, 'films', `${k}.mp4`)));
    await tally.try('the same again', async () => {
      const { json } = await first.likeness('export', '--list', table, '--farm');
      const again = (json.rows as { state: string }[]).filter(({ state }) => state !== 'there').length;
      return again === 0 ? done : fault('made twice', String(again));
    });
  } finally {
    for (const { child } of started) child.kill('SIGINT');
    await Promise.allSettled(started.map(({ answer }) => answer));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Films of one to three seconds, each over a colour of its own. */
async function listIn(folder: string): Promise<string> {
  const studio = openStudio({ libraryDir: join(folder, 'first') });
  openStudio({ libraryDir: join(folder, 'second') }).library.close();
  try {
    const { ffmpeg } = await studio.tools();
    await tinyClip(join(folder, 'ada.mp4'));
    const ada = { path: join(folder, 'ada.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
    const { projectId } = await studio.projects.importVideo(ada);
    copyFileSync(TINY, studio.library.paths.avatar(projectId));
    const rows = Array.from({ length: FILMS }, (_, k) => {
      const tone = `sine=d=${1 + (k % 3)}:f=${200 + 10 * k}`;
      execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', tone, join(folder, `${k}.wav`)]);
      return `Ada,${k}.wav,portrait,128,#1020${(16 + k).toString(16)},films/${k}.mp4`;
    });
    const table = join(folder, 'list.csv');
    writeFileSync(table, ['project,audio,mode,height,background,out', ...rows, ''].join('\r\n'));
    return table;
  } finally {
    await studio.close();
  }
}

async function whole(path: string): Promise<Outcome> {
  const k = Number(/(\d+)\.mp4$/.exec(path)![1]);
  if (!existsSync(path)) return fault('not there', path);
  const studio = openStudio({ libraryDir: mkdtempSync(join(tmpdir(), 'likeness-farm-')) });
  try {
    const { source } = await probeVideo(await studio.tools(), path);
    const seconds = 1 + (k % 3);
    const left = readdirSync(join(path, '..')).filter((name) => name.endsWith('.partial'));
    if (left.length > 0) return fault('unfinished files', left.join(', '));
    return source.frames === 25 * seconds ? done : fault('frames', `${source.frames} for ${seconds} s`);
  } finally {
    await studio.close();
    rmSync(studio.libraryDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As when a computer's power fails. */
function killTree(pid: number): void {
  for (const child of childrenOf(pid)) killTree(child);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with the one before.
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return text.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
