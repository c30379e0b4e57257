import { type Camera, LARGE, SMALL, USUAL } from './camera.ts';

/** A trained avatar: library, check, training, and its films. */
export async function rooms(camera: Camera, project: string): Promise<void> {
  const { page, button } = camera;
  for (const { id, thumbnail } of camera.studio.projects.list()) if (!thumbnail) await camera.picturesMade(id);
  await camera.library();
  await camera.shoot('library');
  await camera.theme('light');
  await camera.shoot('library-light');
  await camera.theme('dark');
  await camera.open(project, 'source');
  await camera.shoot('source');
  await camera.theme('light');
  await camera.shoot('source-light');
  await camera.theme('dark');
  await camera.open(project, 'train');
  await page.getByRole('region', { name: 'Held-out quality' }).waitFor();
  await camera.shoot('trained');
  for (const [name, size] of [
    ['1280x720', SMALL],
    ['2560x1440', LARGE],
  ] as const) {
    await page.setViewportSize(size);
    await camera.shoot(`trained-${name}`);
  }
  await page.setViewportSize(USUAL);

  await camera.open(project, 'export');
  await camera.shoot('export');
  await page.getByLabel('Portrait').check();
  await button(/^Export (another )?MP4/).click();
  await page.getByRole('progressbar', { name: 'Drawing the frames' }).waitFor();
  await page.waitForTimeout(1500);
  await camera.shoot('exporting');
  const made = page.getByRole('region', { name: 'Exports' });
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await made
    .getByRole('button', { name: /^Portrait/ })
    .first()
    .waitFor();
  await camera.shoot('exported');
  await made
    .getByRole('button', { name: /^Portrait/ })
    .first()
    .click();
  const film = page.getByLabel(/Exported video/);
  await film.evaluate((player: HTMLVideoElement) => player.play());
  await page.waitForFunction(
    () => (document.querySelector<HTMLVideoElement>('.viewer-made video')?.currentTime ?? 0) > 1,
  );
  await film.evaluate((player: HTMLVideoElement) => player.pause());
  await camera.shoot('film');
  await camera.theme('light');
  await camera.shoot('film-light');
  await camera.theme('dark');
}
