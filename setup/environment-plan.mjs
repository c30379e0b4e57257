import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { gigabytes } from './terminal.mjs';

/**
 * What pip fetches and what lies on the disk afterwards. Measured on Linux x64 with torch 2.13.0: the CPU build, and
 * the download of the CUDA build (2.6 GB of it torch and NVIDIA's libraries), whose size on disk is estimated. With
 * what c2pa-python has more on Windows: 88 MB, which are 317 on disk.
 */
export const SIZES = {
  plain: { download: 0.7e9, disk: 2.4e9 },
  cuda: { download: 3.0e9, disk: 7e9 },
};
/** Says what will be fetched before it is, and stops when it cannot fit. */
export async function plan(trainer, venv, python, run, onEvent) {
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
