import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StudioError } from '../../shared/contract/index.ts';
import type { TrainerCommand } from './jobs/index.ts';
import { locateMediaTools, type MediaTools } from './media/index.ts';

/** Where this installation keeps its parts. */
export interface Installation {
  /** The folder that holds `trainer/` and `resources/`. */
  readonly root: string;
  readonly resources: string;
  readonly venv: string;
  /** The trainer's Python; LIKENESS_PYTHON replaces it. */
  readonly python: string;
  readonly trainer: string;
}

export function findInstallation(root: string = findRoot()): Installation {
  const trainer = join(root, 'trainer');
  const venv = join(trainer, '.venv');
  const python = process.env['LIKENESS_PYTHON'] || join(venv, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  return { root, resources: join(root, 'resources'), venv, python, trainer };
}

/** Bundled or not, this file lies somewhere below the folder that holds the trainer. */
function findRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'trainer', 'pyproject.toml'))) return folder;
    if (folder === dirname(folder)) throw new StudioError({ code: 'missing-tool', message: 'The trainer is missing from this installation.', hint: 'Install Likeness again.' });
  }
}

export function versionOf(root: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}

export function trainerCommand({ python, trainer }: Installation): TrainerCommand {
  return { program: python, args: ['-m', 'likeness_trainer'], cwd: trainer };
}

/** Looks for ffmpeg once; a failure is not kept, so that installing it helps at once. */
export function mediaTools({ venv }: Installation): () => Promise<MediaTools> {
  let found: MediaTools | undefined;
  return async () => (found ??= await locateMediaTools(venv));
}

/** Threads of a job: what the settings say, else all there are; the protocol allows 64. */
export function threadsFor(setting: number | null): number {
  return Math.min(64, setting ?? availableParallelism());
}
