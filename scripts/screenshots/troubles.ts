import { renameSync } from 'node:fs';
import { type Camera, SMALL, USUAL } from './camera.ts';

/** Names that do not fit, files that are gone, a program that does not answer. */
export async function troubles(camera: Camera, project: string): Promise<void> {
  const { page, studio } = camera;
  const { id } = studio.library.projects.find(project);
  studio.projects.rename(
    id,
    'A project with a name so long that it has no chance at all to fit into the header ' +
      'or on its card in the library, second take',
  );
  await page.setViewportSize(SMALL);
  await camera.open(id, 'source');
  await camera.shoot('long-name-1280x720');
  await camera.library();
  await camera.shoot('library-long-name-1280x720');
  studio.projects.rename(id, project);
  await page.setViewportSize(USUAL);

  const video = studio.library.sourcePath(studio.library.projects.find(id));
  const [avatar, pictures] = [studio.library.paths.avatar(id), studio.library.paths.pictures(id)];
  for (const path of [video, avatar, pictures]) renameSync(path, `${path}.away`);
  try {
    await page.reload();
    await camera.shoot('library-file-gone');
    await page.getByRole('region', { name: 'Projects' }).getByRole('article').getByRole('button').first().click();
    await page.getByRole('region', { name: 'Timeline' }).or(page.getByRole('alert')).first().waitFor();
    await page.waitForTimeout(1500);
    await camera.shoot('file-gone');
    for (const step of ['Source', 'Perform']) {
      await page.getByRole('radiogroup', { name: 'Step' }).getByText(step, { exact: true }).click();
      await camera.shoot(`file-gone-${step.toLowerCase()}`);
    }
  } finally {
    for (const path of [video, avatar, pictures]) renameSync(`${path}.away`, path);
  }
}
