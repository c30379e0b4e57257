import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Root has no sandbox, so as root the program is started as nobody. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined;
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** Can the user read it that the program is started as? */
export function readable(file: string): boolean {
  return NOBODY === undefined || spawnSync('setpriv', [...AS_NOBODY, 'test', '-r', file]).status === 0;
}

/**
 * `program`, or a script in `folder` that starts it as an ordinary user. Raises an Error when that user cannot read it,
 * or one of the files that it needs.
 */
export function startable(program: string, folder: string, files: readonly string[]): string {
  const closed = [program, ...files].find((file) => !readable(file));
  if (closed !== undefined)
    throw new Error(`As root the tests start Electron as an ordinary user, and such a one cannot read ${closed}.`);
  if (NOBODY === undefined) return program;
  const script = join(folder, 'as-ordinary-user');
  writeFileSync(script, `#!/bin/sh\nexec setpriv ${AS_NOBODY.join(' ')} "${program}" "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

/** Makes a folder and what is in it theirs who will write to it. */
export function handOver(folder: string): void {
  if (NOBODY === undefined) return;
  for (const path of [folder, ...globSync(join(folder, '**', '*'))]) chownSync(path, NOBODY, NOBODY);
}
