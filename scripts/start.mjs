// `npm start`: the studio's window in Electron, or in the browser where Electron's own program cannot be had.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name, path) => join(root, 'node_modules', name, 'bin', path);

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** Is Electron's program there, or can it be fetched now? Its package comes without it. */
function electronIsThere() {
  const installer = createRequire(import.meta.url).resolve('electron/install.js');
  const path = join(dirname(installer), 'path.txt');
  if (existsSync(path)) return true;
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return false;
  console.error('Fetching Electron (about 115 MB) ...');
  const fetched = spawnSync(process.execPath, [installer], {
    cwd: dirname(installer),
    stdio: 'ignore',
    timeout: 600_000,
  });
  return fetched.status === 0 && existsSync(path);
}

/** Builds `result` unless what is there is newer than everything it is made of. */
function built(result, sources, build) {
  const path = join(root, 'out', result);
  const changed = Math.max(...[...sources, 'package-lock.json'].map((source) => newest(join(root, source))));
  if (existsSync(path) && statSync(path).mtimeMs > changed) return true;
  console.error('Building the window ...');
  return run([...build, '--logLevel', 'error']) === 0;
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const rest = process.argv.slice(2);
const windowReady = built(
  'window/index.html',
  ['src/renderer', 'src/shared', 'vite.config.ts'],
  [bin('vite', 'vite.js'), 'build'],
);
if (electronIsThere()) {
  const ready =
    windowReady &&
    built('main/index.cjs', ['src', 'electron.vite.config.ts'], [bin('electron-vite', 'electron-vite.js'), 'build']);
  process.exitCode = ready ? run([join(root, 'node_modules', 'electron', 'cli.js'), root, ...rest]) : 1;
} else {
  console.error("Electron's program is not here and could not be fetched: opening the studio in the browser instead.");
  const cli = join(root, 'src', 'main', 'cli', 'index.ts');
  process.exitCode = windowReady ? run(['--disable-warning=ExperimentalWarning', cli, 'studio', ...rest]) : 1;
}
