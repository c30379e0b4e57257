// `npm start`: the studio's window in Electron, or in the browser where Electron's own binary cannot be had.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const webHost = join(root, 'src', 'main', 'serve.ts');

/** Is Electron's binary there, or can it be fetched now? Its package comes without it. */
function electronIsThere() {
  const installer = createRequire(import.meta.url).resolve('electron/install.js');
  const binary = join(dirname(installer), 'path.txt');
  if (existsSync(binary)) return true;
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return false;
  console.error('Fetching Electron (about 115 MB) ...');
  const fetched = spawnSync(process.execPath, [installer], { cwd: dirname(installer), stdio: ['ignore', 'ignore', 'ignore'], timeout: 600_000 });
  return fetched.status === 0 && existsSync(binary);
}

function run(args) {
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (existsSync(join(root, 'electron.vite.config.ts')) && electronIsThere()) {
  run([electronVite, 'dev', ...process.argv.slice(2)]);
} else if (existsSync(webHost)) {
  console.error("Electron's program could not be fetched: opening the studio in the browser instead.");
  run(['--disable-warning=ExperimentalWarning', webHost, '--open', ...process.argv.slice(2)]);
} else {
  console.error('The window is not part of this version yet; everything it will do is here as commands:\n');
  run(['--disable-warning=ExperimentalWarning', join(root, 'src', 'main', 'cli', 'index.ts'), '--help']);
}
