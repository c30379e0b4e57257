// Runs the trainer's Python in trainer/: `node scripts/trainer.mjs -m pytest`, or `--pyright` for its type check.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { venvPython } from '../setup/checkout-python.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const python = venvPython(root);
const [command, ...rest] =
  args[0] === '--pyright'
    ? [process.execPath, join(root, 'node_modules', 'pyright', 'index.js'), '--pythonpath', python, ...args.slice(1)]
    : [python, ...args];
// Idle threads of OpenMP must sleep, and OpenBLAS's cannot, or several processes on few cores slow each other down many
// times over.
const env = { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0', OPENBLAS_NUM_THREADS: '1', ...process.env };
process.exitCode = spawnSync(command, rest, { cwd: join(root, 'trainer'), env, stdio: 'inherit' }).status ?? 1;
