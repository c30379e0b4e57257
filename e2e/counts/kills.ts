import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../src/main/studio/engine/numbers/random.ts';
import { likenessOn, mediaTools } from '../likeness.ts';
import { trainedSample } from '../trained-sample.ts';
import { jobsOn, lostIn } from './library-state.ts';
import { fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const ALL = 100;
const LATEST_S = 20; // after the start
const GONE_WITHIN_S = 30;

/** A command or its trainer is killed at a moment by chance; what it started ends, and nothing is lost. Linux. */
export async function countKills(tally: Tally, tries: Tries): Promise<void> {
  if (process.platform !== 'linux') return console.log('kills: processes are looked for in /proc, on Linux');
  const { library } = await trainedSample();
  try {
    const { ffmpeg } = await mediaTools(library);
    const sound = join(library, 'sound.wav');
    execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=20', sound]);
    const jobs = jobsOn(library, sound);
    for (const seed of numbersOf(tries, ALL)) {
      const random = new SeededRandom(seed * 4099 + 5);
      const args = jobs[seed % jobs.length]!;
      const wait = 0.5 + random.next() * LATEST_S;
      const victim = random.next() < 0.5 ? 'core' : 'trainer';
      await tally.try(`${seed} ${args[0]}, the ${victim} after ${wait.toFixed(1)} s`, async () => {
        const outcome = await kill(library, args, victim, wait);
        const lost = await lostIn(library);
        return lost === undefined ? outcome : fault('lost', lost);
      });
    }
  } finally {
    rmSync(library, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function kill(library: string, args: readonly string[], victim: string, wait: number): Promise<Outcome> {
  const { child, answer } = likenessOn(library).start(...args);
  await sleep(wait * 1000);
  if (child.exitCode !== null) return said(answer);
  const family = descendants(child.pid!);
  const trainer = family.find((pid) => commandOf(pid).includes('likeness_trainer'));
  const target = victim === 'trainer' && trainer !== undefined ? trainer : child.pid!;
  process.kill(target, 'SIGKILL');
  const began = performance.now();
  const left = () => family.filter((pid) => pid !== child.pid && commandOf(pid) !== '');
  if (target === child.pid)
    while (left().length > 0) {
      if (performance.now() - began > GONE_WITHIN_S * 1000)
        return fault('processes left', left().map(commandOf).join('\n'));
      await sleep(100);
    }
  return said(answer);
}

async function said(answer: Promise<{ code: number | null; json: { error?: { code: string } } }>): Promise<Outcome> {
  const { code, json } = await answer;
  if (code === null) return { word: 'ended at once' };
  if (code === 0) return { word: 'done' };
  const word = json?.error?.code ?? 'no error';
  return word === 'internal' || word === 'no error' ? fault(word, JSON.stringify(json)) : { word };
}

/** The command of a process; empty when it is gone, or only waits for a parent to take note of its end. */
function commandOf(pid: number): string {
  try {
    if (/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return '';
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function descendants(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder).flatMap((thread) => {
    try {
      return readFileSync(join(folder, thread, 'children'), 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  });
  return children.flatMap((child) => [child, ...descendants(child)]);
}
