import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * The bytes of a small file of the library's own. Raises the system's error, and EINVAL for what is no file: a pipe or
 * a device in its place is not waited for.
 */
export function readPlainFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // Windows has no such pipes
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error(`${path} is no file`), { code: 'EINVAL' });
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
