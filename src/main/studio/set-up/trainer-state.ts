import { StudioError } from '../../../shared/contract/index.ts';
import type { TrainerState } from '../../../shared/contract/system.ts';
import { environmentState, SIZES } from '../../../../setup/index.mjs';
import type { Installation } from '../system/environment.ts';

/** Is there an environment for the trainer? Quick to ask. */
export function trainerState({ trainer, venv, ownPython }: Installation): TrainerState {
  // Where pip brings CUDA along depends on the build it finds, which only a set-up asks: the larger size is told.
  const { download, disk } = process.platform === 'linux' ? SIZES.cuda : SIZES.plain;
  return {
    kind: ownPython ? 'ready' : environmentState({ trainer, venv }),
    downloadBytes: download,
    diskBytes: disk,
    folder: venv,
  };
}

/** Raises StudioError('missing-tool') where analysis and training cannot run. */
export function requireTrainer(installation: Installation): void {
  if (trainerState(installation).kind !== 'absent') return;
  throw new StudioError({
    code: 'missing-tool',
    message: 'The trainer is not set up on this computer yet.',
    hint: 'Set it up first: the Source step and the settings of the window offer it, and "npm start" does it.',
  });
}
