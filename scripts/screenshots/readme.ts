import type { Camera } from './camera.ts';
import { layOutTake, openPart, seek, toggleLayer } from './perform.ts';

/** The three pictures of the README, as JPEG: `--out docs/images`. */
export async function readme(camera: Camera, project: string): Promise<void> {
  const { page } = camera;
  await camera.open(project, 'source');
  await seek(camera, '1.6');
  await toggleLayer(camera, 'Mesh');
  await camera.shoot('check', 'jpeg');
  await toggleLayer(camera, 'Mesh');
  await camera.open(project, 'train');
  await page.getByRole('region', { name: 'Held-out quality' }).waitFor();
  await camera.shoot('training', 'jpeg');
  await layOutTake(camera, project);
  await camera.open(project, 'perform');
  await camera.ready();
  await openPart(camera, 'Face', 'Smile');
  await seek(camera, '1.6');
  await page.locator('.viewer-status').getByText('frame 40').waitFor();
  await camera.shoot('perform', 'jpeg');
}
