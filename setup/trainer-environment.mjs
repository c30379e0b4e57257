// The trainer's Python environment: made by `npm start` and its like from a terminal, and by the window where there is
// none.
// Plain Node 20 without packages, because the first of them runs before there are any.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPython } from './find-python.mjs';
import { installRequirements, upgradePip } from './pip.mjs';
import { runProgram } from './run-program.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { gigabytes } from './terminal.mjs';

/**
 * What pip fetches and what lies on the disk afterwards. Measured on Linux x64 with torch 2.13.0: the CPU build, and
 * the download of the CUDA build (2.6 GB of it torch and NVIDIA's libraries), whose size on disk is estimated.
 */
export const SIZES = {
  plain: { download: 0.6e9, disk: 2.1e9 },
  cuda: { download: 3.0e9, disk: 7e9 },
};
/** Installed in this order; each later file may rely on the ones before it. */
const REQUIREMENTS = [
  { file: 'requirements.txt', options: [], dev: false },
  { file: 'requirements-nodeps.txt', options: ['--no-deps'], dev: false },
  { file: 'requirements-dev.txt', options: [], dev: true },
];
const STAMP = 'likeness-stamp.json';
/** Lies in an environment from its first moment until it is complete. */
const UNFINISHED = 'likeness-unfinished';
const COUNT_EVERY_MS = 500;

/**
 * @typedef {{ kind: 'python', version: string, path: string }
 *   | { kind: 'plan', cuda: boolean, gpu: boolean, download: number, disk: number }
 *   | { kind: 'pip', event: import('./pip.mjs').PipEvent }
 *   | { kind: 'unpacked', done: number, total: number }
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

/** @param {string} venv */
export function pythonOf(venv) {
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}

/**
 * What there is, told by a look at a few small files. `outdated`: complete once, but for other requirements.
 * An environment without a stamp was made by hand, and is taken as it is.
 * @param {{ trainer: string, venv: string, dev?: boolean }} where
 * @returns {'ready' | 'absent' | 'outdated'}
 */
export function environmentState({ trainer, venv, dev = false }) {
  if (!existsSync(pythonOf(venv)) || existsSync(join(venv, UNFINISHED))) return 'absent';
  if (!existsSync(join(venv, STAMP))) return 'ready';
  return missingParts(trainer, venv, dev).length === 0 ? 'ready' : 'outdated';
}

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
      throw new SetupProblem("pip could not install the trainer's packages", reasonIn(lastWords), lastWords);
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

/** @param {boolean} dev */
function wantedParts(dev) {
  return REQUIREMENTS.filter((part) => dev || !part.dev);
}

/** @param {string} trainer @param {string} venv @param {boolean} dev */
function missingParts(trainer, venv, dev) {
  const stamp = readStamp(venv);
  return wantedParts(dev).filter(({ file }) => stamp[file] !== digest(join(trainer, file)));
}

/** @param {string} venv */
function readStamp(venv) {
  try {
    return JSON.parse(readFileSync(join(venv, STAMP), 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} path */
function digest(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Nothing of the trainer's code is compiled beside it: an installed program's folder is not to be written to. */
function quietPython() {
  return { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1', GLOG_minloglevel: '2' };
}

/** An environment left by an interrupted set-up, or one whose Python was upgraded away, does not answer. */
async function isUsable(python, run) {
  if (!existsSync(python)) return false;
  const question = 'import sys, pip; assert (3, 10) <= sys.version_info[:2] <= (3, 12)';
  return (await runProgram(python, ['-c', question], { ...run, onError: undefined })).status === 0;
}

async function createVenv(venv, python, run, onEvent) {
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

/** Says what will be fetched before it is, and stops when it cannot fit. */
async function plan(trainer, venv, python, run, onEvent) {
  const cuda = process.platform === 'linux' && (await bringsCuda(trainer, python, run));
  const gpu = !cuda || (await runProgram('nvidia-smi', ['-L'], { ...run, onError: undefined })).status === 0;
  const { download, disk } = cuda ? SIZES.cuda : SIZES.plain;
  onEvent({ kind: 'plan', cuda, gpu, download, disk });
  if (!readFileSync(join(trainer, 'requirements.txt'), 'utf8').includes('torch==')) return;
  const { bavail, bsize } = statfsSync(venv);
  if (bavail * bsize < disk)
    throw new SetupProblem(
      `The trainer's packages need ${gigabytes(disk)} and this disk has ${gigabytes(bavail * bsize)} left`,
      'free some space',
    );
}

/** Would pip's choice of torch ask for CUDA packages? pip is asked without installing anything. */
async function bringsCuda(trainer, python, run) {
  const pin = /^torch==\S+/m.exec(readFileSync(join(trainer, 'requirements.txt'), 'utf8'))?.[0];
  if (pin === undefined) return false;
  if ((await runProgram(python, ['-c', 'import torch'], { ...run, onError: undefined })).status === 0) return false;
  let report = '';
  const args = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--dry-run',
    '--no-deps',
    '--quiet',
    '--report',
    '-',
    pin,
  ];
  const { status } = await runProgram(python, args, { ...run, onLine: (line) => (report += line) });
  if (status !== 0) return true;
  const [torch] = JSON.parse(report).install ?? [];
  return (torch?.metadata?.requires_dist ?? []).some((line) => /^(nvidia-|cuda-)/.test(line));
}

/**
 * pip says nothing while it unpacks, but each package leaves a folder when it is done.
 * @template T
 * @param {string} venv
 * @param {(tell: (event: import('./pip.mjs').PipEvent) => void) => Promise<T>} work
 * @param {(event: SetupEvent) => void} onEvent
 */
async function installed(venv, work, onEvent) {
  let timer;
  try {
    return await work((event) => {
      onEvent({ kind: 'pip', event });
      if (event.kind !== 'unpack') return;
      const before = countPackages(venv);
      const total = event.names.length;
      timer = setInterval(
        () => onEvent({ kind: 'unpacked', done: Math.min(total, Math.max(0, countPackages(venv) - before)), total }),
        COUNT_EVERY_MS,
      );
    });
  } finally {
    clearInterval(timer);
  }
}

/** @param {string} venv */
function countPackages(venv) {
  const lib = join(venv, process.platform === 'win32' ? 'Lib' : 'lib');
  const folders =
    process.platform === 'win32'
      ? [lib]
      : entries(lib)
          .filter((name) => name.startsWith('python3'))
          .map((name) => join(lib, name));
  return folders
    .flatMap((folder) => entries(join(folder, 'site-packages')))
    .filter((name) => name.endsWith('.dist-info')).length;
}

/** @param {string} folder */
function entries(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What helps, by pip's last words. @param {string} words */
function reasonIn(words) {
  if (/No space left|Errno 28/i.test(words)) return 'free some space';
  if (
    /Temporary failure in name resolution|Max retries|ConnectionError|getaddrinfo|ReadTimeout|ProxyError|No matching distribution/i.test(
      words,
    )
  )
    return 'see that this computer reaches the internet';
  return 'put right what pip says';
}
