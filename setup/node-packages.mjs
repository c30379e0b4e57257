import { chmodSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './run-command.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { say } from './terminal.mjs';

/**
 * Does `node_modules` hold what the lock file asks for? npm writes its own list (`node_modules/.package-lock.json`)
 * as the last act of an installation, so an interrupted one has none and reads as "no".
 */
export function packagesMatch(root) {
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesIn(join(root, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    if (!there) return entry.optional === true || entry.devOptional === true; // another platform's binary
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function packagesIn(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

export function installNodePackages(root) {
  if (packagesMatch(root)) return;
  say('Installing the Node packages (about 1 GB on disk) ...');
  // Install scripts stay off: npm versions differ in which ones they allow, so the set-up does what they would do
  // itself.
  const status = runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (status !== 0)
    throw new SetupProblem('npm could not install the Node packages (its own words are above)', 'put that right');
}

/** ffprobe comes in its package executable by its owner alone; another user of the checkout needs it too. */
export function makeProbeExecutable(root) {
  const folder = join(root, 'node_modules', '@ffprobe-installer');
  if (process.platform === 'win32' || !existsSync(folder)) return;
  for (const platform of readdirSync(folder)) {
    const binary = join(folder, platform, 'ffprobe');
    if (!existsSync(binary)) continue;
    const mode = statSync(binary).mode;
    if ((mode & 0o111) === 0o111) continue;
    try {
      chmodSync(binary, mode | 0o555);
    } catch {
      // Somebody else's checkout: the media module looks for another ffprobe and explains itself.
    }
  }
}
