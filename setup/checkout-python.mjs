import { join } from 'node:path';
import { gigabytes, say } from './terminal.mjs';
import { pythonOf } from './environment-state.mjs';
import { provideEnvironment } from './trainer-environment.mjs';

const SECONDS_BETWEEN_LINES = 5;

/** @param {string} root */
export function venvPython(root) {
  return pythonOf(join(root, 'trainer', '.venv'));
}

/**
 * `trainer/.venv` of this checkout, with what is happening on the terminal.
 * @param {string} root
 * @param {{ dev: boolean }} how
 */
export async function providePython(root, { dev }) {
  const line = progressLine();
  try {
    await provideEnvironment({
      trainer: join(root, 'trainer'),
      venv: join(root, 'trainer', '.venv'),
      dev,
      onEvent: (event) => tell(event, line),
      onOutput: say,
    });
  } finally {
    line.end();
  }
}

/** @param {import('./trainer-environment.mjs').SetupEvent} event @param {ReturnType<typeof progressLine>} line */
function tell(event, line) {
  switch (event.kind) {
    case 'python':
      return say(`Making trainer/.venv with Python ${event.version} (${event.path}) ...`);
    case 'plan':
      say(
        `Installing the trainer's Python packages: up to ${gigabytes(event.download)} to download, ` +
          `${gigabytes(event.disk)} on disk.`,
      );
      if (event.cuda && !event.gpu) {
        say(
          "Most of it is PyTorch's CUDA part, which pip's default build for Linux always brings along; " +
            'this computer shows no NVIDIA GPU.',
        );
        say(
          "For a fifth of the download: stop now (Ctrl-C), point pip at PyTorch's CPU builds with " +
            'PIP_EXTRA_INDEX_URL, and run this again.',
        );
      }
      return undefined;
    case 'pip':
      return tellPip(event.event, line);
    case 'unpacked':
      return line.update(`  Unpacking, ${event.done} of ${event.total} packages`);
    case 'check':
      line.end();
      return say('Checking that they load ...');
  }
}

/** @param {import('./pip.mjs').PipEvent} event @param {ReturnType<typeof progressLine>} line */
function tellPip(event, line) {
  switch (event.kind) {
    case 'found':
      return undefined;
    case 'download':
      return line.replace(`  ${event.name}, ${event.size}`);
    case 'bytes':
      return event.total > 20e6
        ? line.update(`  ${event.name}, ${megabytes(event.done)} of ${megabytes(event.total)} MB`)
        : undefined;
    case 'here':
      return line.replace(`  ${event.name}, from this computer`);
    case 'unpack':
      return line.replace('  Unpacking (a minute or two) ...');
  }
}

/** @param {number} bytes */
const megabytes = (bytes) => Math.round(bytes / 1e6);

/** One line that rewrites itself on a terminal; elsewhere every new thing, and a running one every few seconds. */
function progressLine() {
  const terminal = process.stderr.isTTY;
  let open = false;
  let lastTime = 0;
  return {
    /** @param {string} text */
    replace(text) {
      this.end();
      if (terminal) process.stderr.write(text);
      else say(text);
      open = Boolean(terminal);
      lastTime = Date.now();
    },
    /** @param {string} text */
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
