import { accessSync, chmodSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { abilitiesOf, type Abilities, ALL_ABILITIES, lackingAbilities } from './abilities.ts';
import { readProgram } from './program.ts';

/** Absolute paths of the two programs, and what ffmpeg is. */
export interface MediaTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** ffmpeg's ("9.0.2"). */
  readonly version: string;
  /** Whether it came along and is tested, was named by somebody, or was found on the PATH. */
  readonly origin: 'brought' | 'named' | 'system';
  readonly abilities: Abilities;
}

const ANSWER_MS = 20_000;

/**
 * ffmpeg: LIKENESS_FFMPEG and no other where that is set; else the static one of a Python environment: the trainer's,
 * or what an installed program brings along in the same layout. That one is tested; the system's, which may be of any
 * age, is for where nothing was brought. What was not brought is asked what it can. ffprobe: LIKENESS_FFPROBE, else the
 * one beside an ffmpeg that was not brought, else the one of the npm package. Raises StudioError('missing-tool').
 */
export async function locateMediaTools(...environments: readonly string[]): Promise<MediaTools> {
  const { ffmpeg, version, origin } = await locateFfmpeg(environments);
  const beside = origin === 'brought' ? undefined : besideOf(ffmpeg);
  const ffprobe = firstExecutable([process.env['LIKENESS_FFPROBE'] || beside, packagedFfprobe(), onPath('ffprobe')]);
  if (!ffprobe) throw missing('ffprobe', 'LIKENESS_FFPROBE');
  return {
    ffmpeg,
    ffprobe,
    version,
    origin,
    abilities: origin === 'brought' ? ALL_ABILITIES : await abilitiesOf(ffmpeg),
  };
}

type Located = Pick<MediaTools, 'ffmpeg' | 'version' | 'origin'>;

async function locateFfmpeg(environments: readonly string[]): Promise<Located> {
  const named = process.env['LIKENESS_FFMPEG'];
  if (named) {
    const located = await running(named, 'named');
    if (!located) throw missing('The ffmpeg that LIKENESS_FFMPEG names', 'LIKENESS_FFMPEG');
    await requireAbilities(located, 'that LIKENESS_FFMPEG names');
    return located;
  }
  for (const environment of environments) {
    const brought = await running(environmentFfmpeg(environment), 'brought');
    if (brought) return brought;
  }
  const system = await running(onPath('ffmpeg'), 'system');
  if (!system) throw missing('ffmpeg', 'LIKENESS_FFMPEG');
  await requireAbilities(system, 'of this computer');
  return system;
}

async function running(path: string | undefined, origin: MediaTools['origin']): Promise<Located | undefined> {
  const ffmpeg = firstExecutable([path]);
  const version = ffmpeg && (await versionOf(ffmpeg));
  return ffmpeg && version ? { ffmpeg, version, origin } : undefined;
}

/** Raises StudioError('missing-tool') with what it cannot do. */
async function requireAbilities({ ffmpeg, version }: Located, which: string): Promise<void> {
  const lacking = await lackingAbilities(ffmpeg);
  if (lacking.length === 0) return;
  throw new StudioError({
    code: 'missing-tool',
    message: `The ffmpeg ${which} (${version}) cannot ${lacking.join(', ')}.`,
    hint: 'Set the trainer up, which brings one along that can, or name another one with LIKENESS_FFMPEG.',
    detail: ffmpeg,
  });
}

/** ffprobe of the same build, where there is one. */
function besideOf(ffmpeg: string): string | undefined {
  const path = join(dirname(ffmpeg), basename(ffmpeg).replace('ffmpeg', 'ffprobe'));
  return path !== ffmpeg && existsSync(path) ? path : undefined;
}

/** The version as ffmpeg or ffprobe prints it, without the leading n of git builds; null when it does not run. */
export async function versionOf(program: string): Promise<string | null> {
  const { ending, output } = await readProgram(program, ['-version'], AbortSignal.timeout(ANSWER_MS));
  if (ending.kind !== 'exited' || ending.code !== 0) return null;
  return /^ff(?:mpeg|probe) version n?(\S+)/.exec(output)?.[1] ?? null;
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
      'Set the trainer up, which brings ffmpeg along, or install ffmpeg; ' + `or set ${variable} to the path of one.`,
  });
}
