// `npm test`: every check of the project, one after the other, each to its end; the last line counts the tests.
// `npm test -- unit trainer` runs the named ones only.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'test-results');
const bin = (name, path) => [process.execPath, join(root, 'node_modules', name, path)];
const trainer = [process.execPath, join(root, 'scripts', 'trainer.mjs')];

const vitest = (project, name = project, ...more) => ({
  command: [
    ...bin('vitest', 'vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(name)}`,
    ...more,
  ],
  count: countVitest,
});
// Reading media with the computer's own ffmpeg, of whatever age, by core and trainer; where there is none, there is
// nothing to try.
const system = { LIKENESS_FFMPEG: onPath('ffmpeg'), LIKENESS_FFPROBE: onPath('ffprobe') };
const readers = ['containers', 'streams', 'probe', 'frames', 'audio', 'reading', 'whole', 'sound-values'].map(
  (name) => `src/main/studio/media/${name}.test`,
);
const trainerReaders = ['media', 'streams', 'reading', 'source_frames', 'sample'].map(
  (name) => `tests/test_${name}.py`,
);
// A process for each core, and a thread for each process; what a file's tests share is made once.
const shared = ['-n', 'logical', '--maxprocesses', '4', '--dist', 'loadfile'];
const pytest = (name, ...more) => ({
  command: [...trainer, '-m', 'pytest', '-q', ...shared, `--junitxml=${report(name)}`, ...more],
  count: countJunit,
  env: { OMP_NUM_THREADS: '1' },
});
const MEDIA = {
  media: { ...vitest('unit', 'media', '--testTimeout=120000', ...readers), env: system },
  'media:trainer': { ...pytest('media:trainer', ...trainerReaders), env: { ...system, OMP_NUM_THREADS: '1' } },
};
const CHECKS = {
  format: { command: [...bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  'format:trainer': { command: [...trainer, '-m', 'ruff', 'format', '--check', '.'] },
  lint: { command: bin('oxlint', 'bin/oxlint') },
  'lint:trainer': { command: [...trainer, '-m', 'ruff', 'check', '.'] },
  types: { command: bin('typescript', 'bin/tsc').concat('--noEmit') },
  'types:trainer': { command: [...trainer, '--pyright'] },
  unit: vitest('unit'),
  ...(system.LIKENESS_FFMPEG && system.LIKENESS_FFPROBE ? MEDIA : {}),
  trainer: pytest('trainer'),
  e2e: vitest('e2e'),
};

function onPath(program) {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

function report(name) {
  return join(reports, `${name.replace(':', '-')}.report`);
}

function countVitest(text) {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = JSON.parse(text);
  return { passed, failed, skipped };
}

function countJunit(text) {
  const number = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  return { passed: number('tests') - failed - number('skipped'), failed, skipped: number('skipped') };
}

const chosen = process.argv.slice(2);
if (chosen.some((name) => name in MEDIA && !(name in CHECKS)))
  console.log('This computer has no ffmpeg of its own to read media with.');
const unknown = chosen.filter((name) => !(name in MEDIA) && !(name in CHECKS));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}. There are: ${Object.keys(CHECKS).join(', ')}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const outcomes = [];
for (const [name, { command, count, env }] of Object.entries(CHECKS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n== ${name}`);
  rmSync(report(name), { force: true });
  const started = Date.now();
  const [program, ...args] = command;
  const ok = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
  const counted =
    count && existsSync(report(name))
      ? count(readFileSync(report(name), 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
  // A check that counts nothing is one test; a runner that broke before it could count has failed once.
  if (!count) counted[ok ? 'passed' : 'failed'] = 1;
  else if (!ok && counted.failed === 0) counted.failed = 1;
  for (const key of Object.keys(total)) total[key] += counted[key];
  outcomes.push({ name, ok, seconds: (Date.now() - started) / 1000 });
}

console.log('');
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds.toFixed(1)} s`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
