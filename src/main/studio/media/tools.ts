import { accessSync, chmodSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { readProgram } from './program.ts';

/** Absolute paths of the two programs, and ffmpeg's version ("9.0.2"). */
export interface MediaTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly version: string;
}

/** `-fps_mode`, which exact frame access needs, came with 5.1. */
const OLDEST = [5, 1] as const;
const ANSWER_MS = 20_000;

/**
 * ffmpeg: LIKENESS_FFMPEG, else the static one of a Python environment: the trainer's, or what an installed program
 * brings along in the same layout. ffprobe: LIKENESS_FFPROBE, else the one of the npm package. These are the ones that
 * are tested; the system's, which may be of any age, are for where nothing was brought (ffmpeg from 5.1 on). Raises
 * StudioError('missing-tool').
 */
export async function locateMediaTools(...environments: readonly string[]): Promise<MediaTools> {
  const ffprobe = firstExecutable([process.env['LIKENESS_FFPROBE'], packagedFfprobe(), onPath('ffprobe')]);
  if (!ffprobe) throw missing('ffprobe', 'LIKENESS_FFPROBE');
  for (const candidate of [process.env['LIKENESS_FFMPEG'], ...environments.map(environmentFfmpeg), onPath('ffmpeg')]) {
    const ffmpeg = firstExecutable([candidate]);
    const version = ffmpeg && (await versionOf(ffmpeg));
    if (ffmpeg && version && recentEnough(version)) return { ffmpeg, ffprobe, version };
  }
  throw missing('ffmpeg', 'LIKENESS_FFMPEG');
}

/** The version as ffmpeg prints it, without the leading n of git builds; null when it does not run. */
async function versionOf(ffmpeg: string): Promise<string | null> {
  const { ending, output } = await readProgram(ffmpeg, ['-version'], AbortSignal.timeout(ANSWER_MS));
  if (ending.kind !== 'exited' || ending.code !== 0) return null;
  return /^ffmpeg version n?(\S+)/.exec(output)?.[1] ?? null;
}

function recentEnough(version: string): boolean {
  const numbers = /^(\d+)\.(\d+)/.exec(version);
  if (!numbers) return true; // a build from the development branch carries a date or a hash
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function onPath(program: string): string | undefined {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

function environmentFfmpeg(venv: string): string | undefined {
  const lib =
    process.platform === 'win32'
      ? join(venv, 'Lib')
      : join(venv, 'lib', entries(join(venv, 'lib')).find((name) => name.startsWith('python3')) ?? '');
  const binaries = join(lib, 'site-packages', 'imageio_ffmpeg', 'binaries');
  const name = entries(binaries).find((file) => file.startsWith('ffmpeg-'));
  return name && join(binaries, name);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function packagedFfprobe(): string | undefined {
  // The package's own entry refuses a binary that lost its executable bit; the file is all that is wanted.
  const file = process.platform === 'win32' ? 'ffprobe.exe' : 'ffprobe';
  try {
    return unpacked(
      createRequire(import.meta.url).resolve(`@ffprobe-installer/${process.platform}-${process.arch}/${file}`),
    );
  } catch {
    return undefined;
  }
}

/** An installed program's files lie in one archive, out of which nothing can be run; its programs lie beside it. */
export function unpacked(path: string): string {
  return path.replace(/\.asar(?=[\\/])/, '.asar.unpacked');
}

function firstExecutable(candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find((path) => path !== undefined && madeExecutable(path));
}

/** npm unpacks some binaries without the right to run them. */
function madeExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    try {
      chmodSync(path, 0o755);
      return true;
    } catch {
      return false;
    }
  }
}

function missing(program: string, variable: string): StudioError {
  return new StudioError({
    code: 'missing-tool',
    message: `${program} was not found.`,
    hint:
      'Install ffmpeg, or set the trainer up, which brings it along; ' +
      `or set ${variable} to the path of ${program} 5.1 or later.`,
  });
}
