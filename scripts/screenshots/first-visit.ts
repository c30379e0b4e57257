import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Camera } from './camera.ts';

export interface Clips {
  /** The synthetic person. */
  readonly person: string;
  /** Where further ones may be made. */
  readonly folder: string;
  /** Of training; the preset's own length if it is not said. */
  readonly minutes?: number;
}

/** From an empty library to a trained avatar, with what may go wrong on the way. */
export async function firstVisit(camera: Camera, { person, folder, minutes }: Clips): Promise<void> {
  const { page, studio, button } = camera;
  const video = (name: string, buffer = readFileSync(person)) => ({ name, mimeType: 'video/mp4', buffer });
  await page.getByText('Twenty seconds or more').waitFor();
  await camera.shoot('first-run');
  await button('Try it with the sample person').click();
  await page.getByText(/\d+ %/).first().waitFor();
  await camera.shoot('first-run-sample');
  await button('Stop').click();
  await page.getByText('Stopped.').waitFor();

  await page.getByTestId('choose-videos').setInputFiles(video('notes.mp4', Buffer.from('not a video')));
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await camera.shoot('import-error');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  await page.getByTestId('choose-videos').setInputFiles(video('Sample person.mp4'));
  await page.getByLabel('is not a real person').check();
  await camera.shoot('consent');
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await page.getByRole('progressbar').first().waitFor({ state: 'attached' });
  await page
    .getByText(/Fitting the face model/)
    .first()
    .waitFor();
  await camera.shoot('checking');
  await page.getByRole('region', { name: 'Input check' }).waitFor();
  await page.locator('.film-pending').waitFor({ state: 'detached' });
  await camera.shoot('check');

  await button('Go on to Train').click();
  await button('Measure (about 20 s)').waitFor();
  await camera.shoot('presets');
  await page.getByText('When nothing else', { exact: true }).waitFor({ state: 'detached' });
  await button('Measure (about 20 s)').click();
  await page
    .getByText(/^About/)
    .first()
    .waitFor();
  await camera.shoot('presets-measured');

  const project = studio.library.projects.find('Sample person').id;
  const training = studio.training.train(project, { preset: 'draft', minutes, seed: 1 });
  await page.getByRole('img', { name: /Held-out frames/ }).waitFor();
  await camera.shoot('training');
  await camera.theme('light');
  await camera.shoot('training-light');
  await camera.theme('dark');
  await training.result;
  await page.getByRole('region', { name: 'Held-out quality' }).waitFor();
  await camera.shoot('trained-just-now');
  await faults(camera, { person, folder });
}

/** Several videos at once; nobody in the picture, two people in it; a file that is gone. */
async function faults(camera: Camera, { person, folder }: Clips): Promise<void> {
  const { page, studio, button } = camera;
  const { ffmpeg } = await studio.tools();
  const make = (name: string, ...args: string[]) => {
    execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, join(folder, name)]);
    return join(folder, name);
  };
  const nobody = make(
    'An empty room.mp4',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x360:rate=25:duration=2',
    '-pix_fmt',
    'yuv420p',
  );
  const couple = make(
    'Two at a table.mp4',
    '-t',
    '2',
    '-i',
    person,
    '-filter_complex',
    '[0:v]split[a][b];[b]hflip[c];[a][c]hstack',
    '-pix_fmt',
    'yuv420p',
  );
  await page.getByRole('link', { name: 'Likeness' }).click();
  await page.getByTestId('choose-videos').setInputFiles([nobody, couple]);
  await page.getByLabel('is not a real person').check();
  await page.getByLabel('The same for all 2 videos').check();
  await camera.shoot('consent-several');
  await button('Import').last().click();
  await page.getByRole('region', { name: 'Projects' }).getByRole('article').nth(2).waitFor();
  await camera.shoot('library-checking');
  await button(/^Jobs \d/).click();
  const drawer = page.getByRole('dialog', { name: 'Jobs' });
  await drawer.getByRole('region', { name: 'Running' }).getByText(/\d %/).waitFor();
  await camera.shoot('jobs');
  await drawer
    .getByRole('region', { name: 'Past' })
    .getByRole('article', { name: /^Training/ })
    .getByRole('button', { name: 'Log' })
    .click();
  await page.getByRole('log').waitFor();
  await camera.shoot('jobs-log');
  await page.keyboard.press('Escape');
  await page.getByRole('log').waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('region', { name: 'Projects' }).getByText('Two at a table').click();
  await page.getByText('Person 2').waitFor();
  await page.locator('.film-pending').waitFor({ state: 'detached' });
  await camera.shoot('check-two-people');
  await page.getByRole('link', { name: 'Likeness' }).click();
  await page.getByRole('region', { name: 'Projects' }).getByText('An empty room').click();
  await page.locator('.finding').first().waitFor();
  await camera.shoot('check-nobody');
  await button('Jobs').click();
  await drawer.waitFor();
  await camera.shoot('jobs-failed');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
}
