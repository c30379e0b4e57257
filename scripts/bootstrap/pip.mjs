import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { runShown } from './run-command.mjs';
import { say } from './terminal.mjs';

/** Reports its downloads in bytes (`--progress-bar raw`) and asks an index for metadata instead of whole files. */
const PIP = 'pip==26.3';
const SECONDS_BETWEEN_LINES = 5;

export function upgradePip(python) {
  return runShown(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', PIP]) === 0;
}

/** Installs a requirements file, showing each download with its size and how far it is. Resolves to true on success. */
export async function installRequirements(python, file, { cwd, options }) {
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'raw', ...options, '-r', file];
  const child = spawn(python, args, { cwd, stdio: ['ignore', 'pipe', 2] });
  const closed = new Promise((resolve) => child.once('close', resolve).once('error', () => resolve(1)));
  const line = progressLine();
  let download = '';
  for await (const text of createInterface({ input: child.stdout })) {
    const started = /^\s*Downloading (\S+) \((.+)\)/.exec(text);
    const progress = /^Progress (\d+) of (\d+)/.exec(text);
    if (started && !started[1].endsWith('.metadata')) {
      download = started[1].split('-').slice(0, 2).join(' ');
      line.replace(`  ${download}, ${started[2]}`);
    } else if (progress && Number(progress[2]) > 20e6) {
      line.update(`  ${download}, ${megabytes(progress[1])} of ${megabytes(progress[2])} MB`);
    } else if (text.startsWith('Installing collected packages')) {
      line.replace('  Unpacking (a minute or two) ...');
    } else if (/^Processing .*\.whl/.test(text)) {
      line.replace(`  ${text.replace(/^Processing .*[\\/]/, '').split('-').slice(0, 2).join(' ')}, from this computer`);
    }
  }
  line.end();
  return (await closed) === 0;
}

const megabytes = (bytes) => Math.round(Number(bytes) / 1e6);

/** One line that rewrites itself on a terminal; elsewhere every new thing, and a running one every few seconds. */
function progressLine() {
  const terminal = process.stderr.isTTY;
  let open = false;
  let lastTime = 0;
  return {
    replace(text) {
      this.end();
      if (terminal) process.stderr.write(text);
      else say(text);
      open = Boolean(terminal);
      lastTime = Date.now();
    },
    update(text) {
      if (terminal) process.stderr.write(`\r\x1b[K${text}`);
      else if (Date.now() - lastTime > SECONDS_BETWEEN_LINES * 1000) {
        say(text);
        lastTime = Date.now();
      }
    },
    end() {
      if (open) process.stderr.write('\n');
      open = false;
    },
  };
}
