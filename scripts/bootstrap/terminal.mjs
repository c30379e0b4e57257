// What the set-up says goes to standard error: `likeness --json` keeps standard output for itself.

/** Something the person at the keyboard can put right: shown as one sentence, without a stack. */
export class SetupProblem extends Error {}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** 1234567890 -> "1.2 GB" */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
