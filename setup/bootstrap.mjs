#!/usr/bin/env node
// Set-up of a fresh checkout, run by npm before `start`, `demo`, `test` and the others; plain Node 20, no packages.
// It fetches what is missing, says what it does, and ends at once when there is nothing to do. `--dev` adds the
// packages of the Python tests.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNodePackages, makeProbeExecutable, packagesMatch } from './node-packages.mjs';
import { provideNode } from './node-runtime.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { providePython } from './checkout-python.mjs';
import { runShown } from './run-command.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { say } from './terminal.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dev = process.argv.includes('--dev');

/** Windows keeps a running program's file locked, so `npm ci` must not run under the Node it is about to replace. */
function handedToSystemNode() {
  const system = process.env.npm_node_execpath;
  const modules = join(root, 'node_modules');
  if (!process.execPath.startsWith(modules) || !system || system.startsWith(modules) || packagesMatch(root))
    return false;
  process.exitCode = runShown(system, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
  return true;
}

try {
  if (!handedToSystemNode()) {
    await oneAtATime(join(root, '.cache', 'setup.lock'), async () => {
      installNodePackages(root);
      provideNode(root);
      makeProbeExecutable(root);
      await providePython(root, { dev });
    });
  }
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(`\n${error.message}`);
  process.exitCode = 1;
}
