// `npm test`: every check of the project, each to its end; the last lines name what failed and count the tests. What
// runs the code runs one after the other: most of it keeps every processor busy by itself. The end-to-end tests wait
// for windows now and then, and that is when what only reads the code is checked, side by side and giving way to them.
// `npm test -- unit trainer` runs the named ones only.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
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
// A process for each core, and a thread for each process; what a file's tests share is made once. In the order of
// tests/conftest.py: the files of most tests are not the longest.
const shared = ['-n', 'logical', '--maxprocesses', '4', '--dist', 'loadfile', '--no-loadscope-reorder'];
const pytest = (name, ...more) => ({
  command: [...trainer, '-m', 'pytest', '-q', ...shared, `--junitxml=${report(name)}`, ...more],
  count: countJunit,
  env: { OMP_NUM_THREADS: '1' },
});
const MEDIA = {
  media: { ...vitest('unit', 'media', '--testTimeout=120000', ...readers), env: system },
  'media:trainer': { ...pytest('media:trainer', ...trainerReaders), env: { ...system, OMP_NUM_THREADS: '1' } },
};
const READ = {
  format: { command: [...bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  'format:trainer': { command: [...trainer, '-m', 'ruff', 'format', '--check', '.'] },
  lint: { command: bin('oxlint', 'bin/oxlint') },
  'lint:trainer': { command: [...trainer, '-m', 'ruff', 'check', '.'] },
  types: { command: bin('typescript', 'bin/tsc').concat('--noEmit') },
  'types:trainer': { command: [...trainer, '--pyright'] },
};
const RUN = {
  unit: vitest('unit'),
  ...(system.LIKENESS_FFMPEG && system.LIKENESS_FFPROBE ? MEDIA : {}),
  trainer: pytest('trainer'),
  e2e: vitest('e2e'),
};

const CHECKS = { ...READ, ...RUN };

function onPath(program) {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

function report(name) {
  return join(reports, `${name.replace(':', '-')}.report`);
}

function countVitest(text) {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, testResults } = JSON.parse(text);
  const failures = testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => told(relative(root, file), fullName, failureMessages[0])),
  );
  return { passed, failed, skipped, failures };
}

function countJunit(text) {
  const number = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  const broken = text.matchAll(
    /<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error) message="([^"]*)"/g,
  );
  const failures = [...broken].map(([, file, name, message]) => told(file, name, message));
  return { passed: number('tests') - failed - number('skipped'), failed, skipped: number('skipped'), failures };
}

function told(file, name, message = '') {
  return `${file}: ${name}\n       ${message.split(/\n|&#10;/, 1)[0].slice(0, 300)}`;
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

/** The exit status, and what it said where that is kept: several at once would talk into each other. */
function ended([program, ...args], env, kept) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: kept ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    });
    if (kept && child.pid !== undefined) giveWay(child.pid);
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => said.push(bytes));
    child.once('error', reject);
    child.once('close', (status) => resolve({ ok: status === 0, said: Buffer.concat(said) }));
  });
}

function giveWay(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or may not be changed: then it is as urgent as the others.
  }
}

async function run(name, kept) {
  const { command, count, env } = CHECKS[name];
  if (!kept) console.log(`\n== ${name}`);
  rmSync(report(name), { force: true });
  const started = Date.now();
  const { ok, said } = await ended(command, env, kept);
  const counted =
    count && existsSync(report(name))
      ? count(readFileSync(report(name), 'utf8'))
      : { passed: 0, failed: 0, skipped: 0, failures: [] };
  // A check that counts nothing is one test; a runner that broke before it could count has failed once.
  if (!count) counted[ok ? 'passed' : 'failed'] = 1;
  else if (!ok && counted.failed === 0) counted.failed = 1;
  for (const key of Object.keys(total)) total[key] += counted[key];
  outcomes.push({ name, ok, seconds: (Date.now() - started) / 1000, failures: counted.failures ?? [] });
  return said;
}

const wanted = (name) => chosen.length === 0 || chosen.includes(name);
const runs = Object.keys(RUN).filter(wanted);
/** All that only reads, begun now; what each says is shown once it is asked for. */
function reading() {
  const begun = Object.keys(READ)
    .filter(wanted)
    .map((name) => ({ name, said: run(name, true) }));
  return async () => {
    for (const { name, said } of begun) console.log(`\n== ${name}\n${await said}`);
  };
}
if (!runs.includes('e2e')) await reading()();
for (const name of runs) {
  const read = name === 'e2e' ? reading() : undefined;
  await run(name, false);
  await read?.();
}

console.log('');
for (const { name, ok, seconds, failures } of outcomes) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds.toFixed(1)} s`);
  for (const failure of failures) console.log(`       ${failure}`);
}
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
