import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { findInstallation } from '../../src/main/studio/system/environment.ts';
import { shortSample } from '../short-sample.ts';
import { tellStory } from '../story.ts';
import { call } from './asking.ts';
import { Likeness, type Running } from './likeness.ts';
import { handOver, readable } from './ordinary-user.ts';
import { findProgram } from './program.ts';

const program = findProgram();
const { python } = findInstallation();
const trains = readable(python);
if (program && !trains)
  console.log(
    `The main job is not done in Electron: an ordinary user, which root starts it as, cannot read ${python}.`,
  );

describe.skipIf(!program || !trains)('the main job in the desktop window', () => {
  let likeness: Likeness;
  let running: Running;
  let video = '';
  const library = () => likeness.userDir('story-library');
  const files = () => likeness.userDir('story-files');

  beforeAll(async () => {
    video = await shortSample();
    likeness = await Likeness.prepare(program!);
    running = await likeness.start('story', [], { LIKENESS_LIBRARY: library(), LIKENESS_PYTHON: '' });
  });
  afterAll(() => likeness?.close());

  tellStory(
    () => ({
      page: running.page,
      // A file made in a script lies nowhere on the disk: it is chosen, as its path is what this host takes.
      bringVideo: async (path, name) => {
        copyFileSync(path, join(files(), name));
        handOver(files());
        await running.page.getByTestId('choose-videos').setInputFiles(join(files(), name));
      },
      bringSound: async ({ name, bytes }, second) => {
        const file = join(files(), name);
        writeFileSync(file, bytes);
        handOver(files());
        await running.page.getByLabel('Add a sound file').setInputFiles(file);
        await running.page.getByRole('textbox', { name: 'Time' }).fill(String(second));
        await running.page.keyboard.press('Enter');
        await running.page.getByRole('button', { name: /^Insert Beep/ }).click();
      },
      trainShortly: async () => {
        const [, id] = /project\/([^/]+)/.exec(running.page.url())!;
        const shortest = { preset: 'draft', device: 'cpu', minutes: 0.3, resume: false };
        await call(running.page, '/work/train', { id, ...shortest });
      },
      // No download: the film lies in the library already, and its folder can be shown.
      takeAway: async () => {
        await running.page.getByRole('button', { name: 'Show in folder' }).waitFor();
        const projects = join(library(), 'projects');
        const folder = join(projects, readdirSync(projects)[0]!, 'exports');
        const name = readdirSync(folder).find((file) => file.endsWith('.mp4'))!;
        return { name, bytes: readFileSync(join(folder, name)) };
      },
    }),
    () => video,
  );
});
