import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm, runShown } from './run-command.mjs';
import { SetupProblem } from './setup-problem.mjs';
import { say } from './terminal.mjs';

/** The oldest Node that runs TypeScript by stripping its types without a flag. */
const OLDEST = [22, 18];

export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * Sees to it that npm scripts find a Node that runs TypeScript: this computer's own when it is new enough, else the one
 * that package.json pins. That package holds an install script in place of the binary, and newer npm versions do not
 * run such scripts, so the script is run here.
 */
export function provideNode(root) {
  const system = systemVersion(root);
  if (runsTypeScript(system)) return;
  const home = join(root, 'node_modules', 'node');
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const launcher = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(binary) && existsSync(launcher)) return;

  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  if (!existsSync(binary)) {
    say(`Fetching Node ${version} for the project's own use (about 55 MB) ...`);
    const quiet = { ...process.env, npm_config_ignore_scripts: 'true', npm_config_loglevel: 'error' };
    runShown(process.execPath, [join(home, 'installArchSpecificPackage.js')], { cwd: home, env: quiet });
  }
  // npm makes no launcher for a program that is not there yet when it installs the package.
  if (existsSync(binary)) runNpm(['rebuild', 'node', '--ignore-scripts', '--silent'], { cwd: root });
  if (!existsSync(binary) || !existsSync(launcher)) {
    throw new SetupProblem(
      `Node ${version} could not be fetched and this computer's Node is ${system}`,
      `install Node ${OLDEST.join('.')} or later`,
    );
  }
}

/** The version of the Node outside this checkout: the one that runs npm, when npm started us. */
function systemVersion(root) {
  const inside = process.execPath.startsWith(join(root, 'node_modules'));
  if (!inside) return process.version;
  return /node\/(v\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? 'v0';
}
