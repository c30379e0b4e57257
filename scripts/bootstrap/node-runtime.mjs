import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm, runShown } from './run-command.mjs';
import { SetupProblem, say } from './terminal.mjs';

/** The oldest Node that runs TypeScript by stripping its types without a flag. */
const OLDEST = [22, 18];

export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * Makes the pinned Node of package.json the one that npm scripts find first. Its package holds an install script in
 * place of the binary; where that cannot run, the system's Node serves if it is new enough.
 */
export function provideNode(root) {
  const home = join(root, 'node_modules', 'node');
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const links = ['node', 'node.cmd', 'node.ps1'].map((name) => join(root, 'node_modules', '.bin', name));
  const system = systemVersion(root);
  const givenUp = !links.some((link) => existsSync(link)) && runsTypeScript(system);
  if (existsSync(binary) || givenUp) return;

  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  say(`Fetching Node ${version} for the project's own use (about 55 MB) ...`);
  const script = join(home, 'installArchSpecificPackage.js');
  runShown(process.execPath, [script], { cwd: home, env: { ...process.env, npm_config_ignore_scripts: 'true', npm_config_loglevel: 'error' } });
  // On Windows the launcher in .bin was written for a file that only now became an .exe.
  if (existsSync(binary) && process.platform === 'win32') runNpm(['rebuild', 'node', '--ignore-scripts'], { cwd: root });
  if (existsSync(binary)) return;

  for (const link of links) rmSync(link, { force: true });
  if (!runsTypeScript(system)) {
    throw new SetupProblem(`Node ${version} could not be fetched and this computer's Node is ${system}: install Node ${OLDEST.join('.')} or later, then run this again.`);
  }
  say(`Node ${version} could not be fetched; using this computer's ${system}.`);
}

/** The version of the Node outside this checkout: the one that runs npm, when npm started us. */
function systemVersion(root) {
  const inside = process.execPath.startsWith(join(root, 'node_modules'));
  if (!inside) return process.version;
  return /node\/v(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? 'v0';
}
