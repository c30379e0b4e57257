import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { SetupProblem } from './setup-problem.mjs';

/** Reports its downloads in bytes (`--progress-bar raw`) and asks an index for metadata instead of whole files. */
const PIP = 'pip==26.3';
/** The first that can say how many bytes it has. */
const TELLS_BYTES = [24, 1];

/**
 * What an installation is at.
 * @typedef {{ kind: 'found', name: string, count: number }
 *   | { kind: 'download', name: string, size: string, finished: number }
 *   | { kind: 'bytes', name: string, done: number, total: number, finished: number }
 *   | { kind: 'here', name: string }
 *   | { kind: 'unpack', names: string[] }} PipEvent
 *   `count`: packages known to be wanted so far; `finished`: packages downloaded before this one
 */

/**
 * Reads what pip prints, line by line.
 * @returns {(line: string) => PipEvent | undefined}
 */
export function pipReader() {
  let name = '';
  let count = 0;
  let finished = -1;
  return (line) => {
    const found = /^(?:Collecting|Processing) (\S+)/.exec(line);
    if (found) {
      count += 1;
      const file = line.startsWith('Processing ') && line.includes('.whl');
      return file
        ? { kind: 'here', name: wheelName(found[1].replace(/^.*[\\/]/, '')) }
        : { kind: 'found', name: found[1].replace(/[<>=!~;[].*$/, ''), count };
    }
    const started = /^\s*(Downloading|Using cached) (\S+) \((.+)\)/.exec(line);
    if (started && !started[2].endsWith('.metadata')) {
      finished += 1;
      name = wheelName(started[2].replace(/^.*\//, ''));
      return { kind: 'download', name, size: started[3], finished };
    }
    const bytes = /^Progress (\d+) of (\d+)/.exec(line);
    if (bytes && name !== '') return { kind: 'bytes', name, done: Number(bytes[1]), total: Number(bytes[2]), finished };
    const unpack = /^Installing collected packages: (.+)/.exec(line);
    return unpack ? { kind: 'unpack', names: unpack[1].split(', ') } : undefined;
  };
}

/** @param {string} file "torch-2.13.0-cp312-….whl" -> "torch 2.13.0" */
function wheelName(file) {
  return file.split('-').slice(0, 2).join(' ');
}

/**
 * A pip that tells how far it is. Without an index the old one stays, which installs just as well.
 * @param {string} python
 * @param {import('./run-program.mjs').Run} run
 */
export async function upgradePip(python, run) {
  if (await tellsBytes(python, run)) return;
  await runProgram(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', PIP], run);
}

/** @param {string} python @param {import('./run-program.mjs').Run} run */
async function tellsBytes(python, { signal }) {
  let version = '';
  await runProgram(python, ['-c', 'import pip; print(pip.__version__)'], {
    signal,
    onLine: (line) => (version = line),
  });
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > TELLS_BYTES[0] || (major === TELLS_BYTES[0] && minor >= TELLS_BYTES[1]);
}

/**
 * Installs a requirements file.
 * @param {string} python
 * @param {string} file
 * @param {import('./run-program.mjs').Run & { options: readonly string[], onEvent: (event: PipEvent) => void }} how
 */
export async function installRequirements(python, file, { options, onEvent, ...run }) {
  const read = pipReader();
  const bar = (await tellsBytes(python, run)) ? 'raw' : 'off';
  const args = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--progress-bar',
    bar,
    ...options,
    '-r',
    file,
  ];
  return runProgram(python, args, {
    ...run,
    onLine: (line) => {
      const event = read(line);
      if (event) onEvent(event);
    },
  });
}

/**
 * Downloads one package's wheel, whose hash is known, into a folder; a connection that breaks is taken up again. Throws
 * SetupProblem, or the signal's reason.
 * @param {string} python
 * @param {{ name: string, version: string, sha256: string }} wheel
 * @param {string} folder
 * @param {import('./run-program.mjs').Run & { onEvent: (event: PipEvent) => void }} how
 */
export async function downloadWheel(python, { name, version, sha256 }, folder, { onEvent, ...run }) {
  const list = join(folder, 'wanted.txt');
  writeFileSync(list, `${name}==${version} --hash=sha256:${sha256}\n`);
  const read = pipReader();
  const bar = (await tellsBytes(python, run)) ? 'raw' : 'off';
  const args = [
    '-m',
    'pip',
    'download',
    '--disable-pip-version-check',
    '--no-input',
    '--no-deps',
    '--only-binary=:all:',
  ];
  const { status, lastWords } = await runProgram(
    python,
    [...args, '--require-hashes', '--progress-bar', bar, '-d', folder, '-r', list],
    {
      ...run,
      onLine: (line) => {
        const event = read(line);
        if (event) onEvent(event);
      },
    },
  );
  if (status !== 0) throw new SetupProblem(`pip could not download ${name}`, remedyFor(lastWords), lastWords);
}

const OFFLINE = new RegExp(
  'Temporary failure in name resolution|getaddrinfo|Max retries|ConnectionError|ReadTimeout|ProxyError|' +
    'No matching distribution',
  'i',
);

/** What helps, by pip's last words. @param {string} words */
export function remedyFor(words) {
  if (/No space left|Errno 28/i.test(words)) return 'free some space';
  if (/DO NOT MATCH THE HASHES/i.test(words)) return 'try later: what is offered is not what was pinned';
  if (OFFLINE.test(words)) return 'see that this computer reaches the internet';
  return 'put right what pip says';
}
