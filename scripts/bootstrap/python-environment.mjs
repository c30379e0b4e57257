import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from './find-python.mjs';
import { installRequirements, upgradePip } from './pip.mjs';
import { runShown } from './run-command.mjs';
import { SetupProblem, gigabytes, say } from './terminal.mjs';

/**
 * What pip fetches and what lies on the disk afterwards. Measured on Linux x64 with torch 2.13.0: the CPU build, and the
 * download of the CUDA build (2.6 GB of it torch and NVIDIA's libraries), whose size on disk is estimated.
 */
const SIZES = {
  plain: { download: 0.6e9, disk: 2.1e9 },
  cuda: { download: 3.0e9, disk: 7e9 },
};
/** Installed in this order; each later file may rely on the ones before it. */
const REQUIREMENTS = [
  { file: 'requirements.txt', options: [], dev: false },
  { file: 'requirements-nodeps.txt', options: ['--no-deps'], dev: false },
  { file: 'requirements-dev.txt', options: [], dev: true },
];

export function venvPython(root) {
  const venv = join(root, 'trainer', '.venv');
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}

/** Makes `trainer/.venv` hold exactly the pinned packages. Nothing happens when the stamp says it already does. */
export async function providePython(root, { dev }) {
  const trainer = join(root, 'trainer');
  const stampPath = join(trainer, '.venv', 'likeness-stamp.json');
  const python = venvPython(root);
  const wanted = REQUIREMENTS.filter((part) => dev || !part.dev);
  const stamp = existsSync(python) ? readStamp(stampPath) : {};
  const missing = wanted.filter(({ file }) => stamp[file] !== digest(join(trainer, file)));
  if (missing.length === 0) return;

  if (!isUsable(python)) createVenv(trainer, python);
  const needsTorch = missing.some(({ file }) => file === 'requirements.txt');
  if (needsTorch) announce(trainer, python);
  for (const { file, options } of missing) {
    if (!(await installRequirements(python, file, { cwd: trainer, options }))) {
      throw new SetupProblem("pip could not install the trainer's packages (its own words are above): put that right and run the same command again, it goes on where it stopped.");
    }
    stamp[file] = digest(join(trainer, file));
  }
  if (needsTorch) checkImports(python);
  writeFileSync(stampPath, `${JSON.stringify(stamp, null, 2)}\n`);
}

function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

function digest(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** An environment left by an interrupted set-up, or one whose Python was upgraded away, does not answer. */
function isUsable(python) {
  if (!existsSync(python)) return false;
  const question = 'import sys, pip; assert (3, 10) <= sys.version_info[:2] <= (3, 12)';
  return spawnSync(python, ['-c', question], { stdio: 'ignore' }).status === 0;
}

function createVenv(trainer, python) {
  const base = findPython();
  say(`Making trainer/.venv with Python ${base.version.join('.')} (${base.path}) ...`);
  rmSync(join(trainer, '.venv'), { recursive: true, force: true });
  if (runShown(base.path, ['-m', 'venv', '.venv'], { cwd: trainer }) !== 0 || !existsSync(python)) {
    throw new SetupProblem(`Python ${base.version.join('.')} could not make a virtual environment (its own words are above): put that right and run the same command again.`);
  }
  if (!upgradePip(python)) throw new SetupProblem('pip could not reach its package index (its own words are above): put that right and run the same command again.');
}

/** Says what will be fetched before it is, and stops when it cannot fit. */
function announce(trainer, python) {
  const cuda = process.platform === 'linux' && bringsCuda(python, trainer);
  const size = cuda ? SIZES.cuda : SIZES.plain;
  say(`Installing the trainer's Python packages: up to ${gigabytes(size.download)} to download, ${gigabytes(size.disk)} on disk.`);
  if (cuda && spawnSync('nvidia-smi', ['-L'], { stdio: 'ignore' }).status !== 0) {
    say("Most of it is PyTorch's CUDA part, which pip's default build for Linux always brings along; this computer shows no NVIDIA GPU.");
    say("For a fifth of the download: stop now (Ctrl-C), point pip at PyTorch's CPU builds with PIP_EXTRA_INDEX_URL, and run this again.");
  }
  const { bavail, bsize } = statfsSync(trainer);
  if (bavail * bsize < size.disk) throw new SetupProblem(`The trainer's packages need ${gigabytes(size.disk)} and this disk has ${gigabytes(bavail * bsize)} left: free some space, then run this again.`);
}

/** Would pip's choice of torch ask for CUDA packages? pip is asked without installing anything. */
function bringsCuda(python, trainer) {
  if (spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0) return false;
  const pin = readFileSync(join(trainer, 'requirements.txt'), 'utf8').match(/^torch==\S+/m)?.[0] ?? 'torch';
  const answer = spawnSync(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--dry-run', '--no-deps', '--quiet', '--report', '-', pin], { encoding: 'utf8', timeout: 120_000 });
  if (answer.status !== 0) return true;
  const [torch] = JSON.parse(answer.stdout).install ?? [];
  return (torch?.metadata?.requires_dist ?? []).some((line) => /^(nvidia-|cuda-)/.test(line));
}

function checkImports(python) {
  say('Checking that they load ...');
  const status = runShown(python, ['-c', 'import cv2, mediapipe, numba, onnx, onnxruntime, safetensors, scipy, skimage, torch'], { env: { ...process.env, GLOG_minloglevel: '2' } });
  if (status !== 0) throw new SetupProblem("The trainer's packages are installed but do not load (the reason is above): delete trainer/.venv and run the same command again.");
}
