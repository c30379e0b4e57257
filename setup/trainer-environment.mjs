// The trainer's Python environment: made by `npm start` and its like from a terminal, and by the window where there is
// none.
// Plain Node 20 without packages, because the first of them runs before there are any.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plan } from './environment-plan.mjs';
import { digest, missingParts, pythonOf, readStamp, STAMP, UNFINISHED, wantedParts } from './environment-state.mjs';
import { findPython } from './find-python.mjs';
import { installRequirements, remedyFor, upgradePip } from './pip.mjs';
import { runProgram } from './run-program.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { installed } from './unpacking.mjs';

/**
 * @typedef {{ kind: 'python', version: string, path: string }
 *   | { kind: 'plan', cuda: boolean, gpu: boolean, download: number, disk: number }
 *   | import('./unpacking.mjs').Installing
 *   | { kind: 'check' }} SetupEvent
 *
 * @typedef {object} Wanted
 * @property {string} trainer the folder that holds the requirements and the trainer's code
 * @property {string} venv the folder of the environment
 * @property {boolean} [dev] with the packages of the trainer's tests
 * @property {AbortSignal} [signal]
 * @property {(event: SetupEvent) => void} onEvent
 * @property {(line: string) => void} onOutput a line of what Python and pip say
 * @property {(pid: number) => void} [onStart] of each program that is run
 */

/**
 * Makes an environment hold exactly the pinned packages. Nothing happens when its stamp says that it does; what an
 * interrupted one left is used. Throws SetupProblem, or the signal's reason.
 * @param {Wanted} wanted
 */
export async function provideEnvironment({ trainer, venv, dev = false, signal, onEvent, onOutput, onStart }) {
  const python = pythonOf(venv);
  const run = { signal, onStart, onError: onOutput, env: quietPython() };
  const missing = existsSync(python) ? missingParts(trainer, venv, dev) : wantedParts(dev);
  if (missing.length === 0 && !existsSync(join(venv, UNFINISHED))) return;

  if (!(await isUsable(python, run))) await createVenv(venv, python, run, onEvent);
  const needsTorch = missing.some(({ file }) => file === 'requirements.txt');
  if (needsTorch) await plan(trainer, venv, python, run, onEvent);
  /** @type {Record<string, string>} */
  const stamp = readStamp(venv);
  for (const { file, options } of missing) {
    const { status, lastWords } = await installed(
      venv,
      (tell) => installRequirements(python, file, { ...run, cwd: trainer, options, onEvent: tell }),
      onEvent,
    );
    if (status !== 0)
      throw new SetupProblem("pip could not install the trainer's packages", remedyFor(lastWords), lastWords);
    stamp[file] = digest(join(trainer, file));
  }
  if (needsTorch || existsSync(join(venv, UNFINISHED))) {
    onEvent({ kind: 'check' });
    const { status, lastWords } = await runProgram(python, ['-m', 'likeness_trainer.imports'], {
      ...run,
      cwd: trainer,
    });
    if (status !== 0)
      throw new SetupProblem(
        "The trainer's packages are installed but do not load",
        `delete the folder ${venv}`,
        lastWords,
      );
  }
  writeFileSync(join(venv, STAMP), `${JSON.stringify(stamp, null, 2)}\n`);
  rmSync(join(venv, UNFINISHED), { force: true });
}

/** Nothing of the trainer's code is compiled beside it: an installed program's folder is not to be written to. */
export function quietPython() {
  return { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1', GLOG_minloglevel: '2' };
}

/** An environment left by an interrupted set-up, or one whose Python was upgraded away, does not answer. */
export async function isUsable(python, run) {
  if (!existsSync(python)) return false;
  const question = 'import sys, pip; assert (3, 10) <= sys.version_info[:2] <= (3, 12)';
  return (await runProgram(python, ['-c', question], { ...run, onError: undefined })).status === 0;
}

export async function createVenv(venv, python, run, onEvent) {
  const base = await findPython(run.signal);
  const version = base.version.join('.');
  onEvent({ kind: 'python', version, path: base.path });
  rmSync(venv, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(venv, { recursive: true });
  writeFileSync(join(venv, UNFINISHED), '');
  const { status, lastWords } = await runProgram(base.path, ['-m', 'venv', venv], { ...run, cwd: dirname(venv) });
  if (status !== 0 || !existsSync(python))
    throw new SetupProblem(
      `Python ${version} could not make a virtual environment`,
      'put right what it says',
      lastWords,
    );
  await upgradePip(python, run);
}
