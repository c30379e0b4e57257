import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonOf } from '../../../../setup/environment-state.mjs';
import { StudioError } from '../../../shared/contract/errors.ts';
import type { TrainerCommand } from '../jobs/trainer-process.ts';

/** Where this installation keeps its parts. */
export interface Installation {
  /** The folder that holds `trainer/` and `resources/`: a checkout, or an installed program's resources. */
  readonly root: string;
  readonly resources: string;
  /**
   * The trainer's Python environment: of a checkout inside `trainer/`, of an installed program in a folder of the
   * user's.
   */
  readonly venv: string;
  readonly python: string;
  /** LIKENESS_PYTHON: somebody brought a Python of their own, which is not ours to set up. */
  readonly ownPython: boolean;
  readonly trainer: string;
  /**
   * Programs that an installed program brings along, in the layout of a Python environment; not there in a checkout.
   */
  readonly tools: string;
}

/** `environmentDir`: LIKENESS_ENVIRONMENT, else `trainer/.venv`. */
export function findInstallation(
  root: string = findRoot(),
  environmentDir: string | undefined = process.env['LIKENESS_ENVIRONMENT'] || undefined,
): Installation {
  const trainer = join(root, 'trainer');
  const venv = environmentDir ?? join(trainer, '.venv');
  const own = process.env['LIKENESS_PYTHON'] ?? '';
  return {
    root,
    resources: join(root, 'resources'),
    venv,
    python: own || pythonOf(venv),
    ownPython: own !== '',
    trainer,
    tools: join(root, 'tools'),
  };
}

/** Bundled or not, this file lies somewhere below the folder that holds the trainer. */
function findRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'trainer', 'pyproject.toml'))) return folder;
    if (folder === dirname(folder))
      throw new StudioError({
        code: 'missing-tool',
        message: 'The trainer is missing from this installation.',
        hint: 'Install Likeness again.',
      });
  }
}

export function trainerCommand({ python, trainer, venv }: Installation): TrainerCommand {
  const command = { program: python, args: ['-m', 'likeness_trainer'], cwd: trainer };
  // What Python and Numba compile is kept beside the sources, also where the surroundings (many containers) tell Python
  // not to: it would take a fifth of a second of every job.
  if (!relative(trainer, venv).startsWith('..')) return { ...command, env: { PYTHONDONTWRITEBYTECODE: '' } };
  // An installed program's folder may be read-only, or sealed by its signature: nothing is compiled into it.
  return { ...command, env: { PYTHONDONTWRITEBYTECODE: '1', NUMBA_CACHE_DIR: join(venv, 'numba') } };
}
