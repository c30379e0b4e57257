import { spawnSync } from 'node:child_process';

/**
 * Runs a program to its end with its output shown on standard error.
 * Returns the exit status; a program that could not be started, or died of a signal, counts as 1.
 */
export function runShown(command, args, { cwd, env } = {}) {
  const { status } = spawnSync(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 2, 2] });
  return status ?? 1;
}

/** Runs npm: the one that started this script when there is one, so that no shell is needed on Windows. */
export function runNpm(args, { cwd, env } = {}) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm?.endsWith('.js')) return runShown(node ?? process.execPath, [npm, ...args], { cwd, env });
  const { status } = spawnSync('npm', args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  return status ?? 1;
}
