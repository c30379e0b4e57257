// The Python environment of a farm, beside the trainer's: Ray and what it asks for, fetched when one is first wanted.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, pythonOf, readStamp, STAMP, UNFINISHED } from './environment-state.mjs';
import { installRequirements, remedyFor } from './pip.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { createVenv, isUsable, quietPython } from './trainer-environment.mjs';
import { installed } from './unpacking.mjs';

const REQUIREMENTS = 'requirements-farm.txt';

/**
 * Makes it hold exactly the pinned packages; nothing happens when its stamp says that it does. Throws SetupProblem, or
 * the signal's reason.
 * @param {Omit<import('./trainer-environment.mjs').Wanted, 'dev'>} wanted
 * @returns {Promise<string>} its Python
 */
export async function provideFarmEnvironment({ trainer, venv, signal, onEvent, onOutput, onStart }) {
  const python = pythonOf(venv);
  const list = join(trainer, REQUIREMENTS);
  const whole = existsSync(python) && !existsSync(join(venv, UNFINISHED));
  if (whole && readStamp(venv)[REQUIREMENTS] === digest(list)) return python;
  const run = { signal, onStart, onError: onOutput, env: quietPython() };
  if (!(await isUsable(python, run))) await createVenv(venv, python, run, onEvent);
  const { status, lastWords } = await installed(
    venv,
    (tell) => installRequirements(python, list, { ...run, cwd: trainer, options: [], onEvent: tell }),
    onEvent,
  );
  if (status !== 0)
    throw new SetupProblem("pip could not install the farm's packages", remedyFor(lastWords), lastWords);
  writeFileSync(join(venv, STAMP), `${JSON.stringify({ [REQUIREMENTS]: digest(list) }, null, 2)}\n`);
  rmSync(join(venv, UNFINISHED), { force: true });
  return python;
}
