/**
 * Pictures of the window in every state, into out/screenshots: `node scripts/screenshots.ts [--library FOLDER] [--out
 * FOLDER] [SCENE...]`.
 * With a library (it is copied) its newest avatar is shown, or that of `--project NAME`; without one, that of a
 * training that this makes on the way.
 */
import { execFileSync } from 'node:child_process';
import { constants, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../e2e/browser.ts';
import { shortSample } from '../e2e/short-sample.ts';
import { Camera } from './screenshots/camera.ts';
import { firstVisit } from './screenshots/first-visit.ts';
import { house } from './screenshots/house.ts';
import { perform, views } from './screenshots/perform.ts';
import { readme } from './screenshots/readme.ts';
import { rooms } from './screenshots/rooms.ts';
import { troubles } from './screenshots/troubles.ts';

/** Of a training that is only there to be seen. */
const SHORT_MINUTES = 0.6;
const TRAINED = { rooms, perform, views, house, troubles };
const SCENES = ['first-visit', 'readme', ...Object.keys(TRAINED)];

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { library: { type: 'string' }, project: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !SCENES.includes(name));
if (unknown !== undefined) throw new Error(`There is no scene "${unknown}"; there are ${SCENES.join(', ')}.`);
const wanted = (scene: string) => positionals.length === 0 || positionals.includes(scene);

const out = values.out ?? join(root, 'out', 'screenshots');
const folder = mkdtempSync(join(tmpdir(), 'likeness-screenshots-'));
const [windowDir, firstLibrary, trainedLibrary] = ['window', 'first', 'trained'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
mkdirSync(out, { recursive: true });
// Not out/window: somebody may be looking at that one.
execFileSync(
  process.execPath,
  [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error', '--outDir', windowDir],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
);
const browser = await launchBrowser();
try {
  if (values.library === undefined || wanted('first-visit')) {
    await taking(firstLibrary, async (camera) =>
      firstVisit(camera, {
        person: await shortSample(),
        folder,
        minutes: values.library === undefined ? undefined : SHORT_MINUTES,
      }),
    );
  }
  if (values.library !== undefined)
    cpSync(values.library, trainedLibrary, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      preserveTimestamps: true,
    });
  if ([...Object.keys(TRAINED), 'readme'].some(wanted)) {
    await taking(values.library === undefined ? firstLibrary : trainedLibrary, async (camera) => {
      const project = values.project ?? camera.studio.projects.list().find(({ trained }) => trained)!.name;
      if (positionals.includes('readme')) await readme(camera, project);
      for (const [name, scene] of Object.entries(TRAINED)) if (wanted(name)) await scene(camera, project);
    });
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function taking(libraryDir: string, scenes: (camera: Camera) => Promise<void>): Promise<void> {
  const camera = await Camera.open({ browser, libraryDir, windowDir, out });
  try {
    await scenes(camera);
  } finally {
    await camera.close();
  }
}
