// What the set-up says goes to standard error: `likeness --json` keeps standard output for itself.

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * 1234567890 -> "1.2 GB"
 * @param {number} bytes
 */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
