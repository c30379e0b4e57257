import { join } from 'node:path';
import type { Camera } from './camera.ts';
import { LARGE, SMALL, USUAL } from './camera.ts';

/** A take of two sounds, cut and marked; head and smile are keyed. */
export async function layOutTake({ studio }: Camera, project: string): Promise<void> {
  const { id, sounds, source } = await studio.projects.get(project);
  const file = join(studio.installation.resources, 'sample', 'other-voice.wav');
  const other =
    sounds.find(({ name }) => name === 'Other voice') ?? (await studio.timeline.addSound(id, file, 'Other voice'));
  const { take, revision } = studio.timeline.take(id);
  const half = Math.min(4, source.duration / 2);
  const second = Math.min(other.seconds - 0.4, source.duration - half - 0.4);
  const clips = [
    { id: 'first', sound: 'source', at: 0, start: 0, seconds: half },
    { id: 'second', sound: other.id, at: half + 0.4, start: 0.3, seconds: second },
  ];
  const markers = [
    { id: 'hello', at: 0.8, name: 'Hello' },
    { id: 'cut', at: half, name: 'Cut' },
  ];
  studio.timeline.saveTake(
    id,
    { ...take, lanes: LANES, clips, markers, range: { from: 0.6, to: half + 0.4 + second * 0.9 } },
    revision,
  );
}

const keys = (...values: readonly (readonly [at: number, value: number])[]) => ({
  keys: values.map(([at, value]) => ({ id: `k${Math.round(1000 * at)}`, at, value, curve: 'smooth' as const })),
  muted: false,
  solo: false,
});
const LANES = {
  'head.yaw': keys([0.4, 0], [1.6, 4], [3, -3], [3.8, 0]),
  'face.smile': keys([0.6, 0], [1.6, 0.7], [2.6, 0.7], [3.4, 0]),
};

/** Opens a part of the panel, and a lane. */
export async function openPart({ page }: Camera, part: string, lane: string): Promise<void> {
  await page.getByRole('radiogroup', { name: 'What is set' }).getByText(part, { exact: true }).click();
  await page.getByRole('button', { name: lane, exact: true }).and(page.locator('[aria-expanded="false"]')).click();
}

/** The avatar speaks what is on the timeline; every way to look at it. */
export async function perform(camera: Camera, project: string): Promise<void> {
  const { page, button } = camera;
  await layOutTake(camera, project);
  await camera.open(project, 'perform');
  await camera.ready();
  await seek(camera, '1.6');
  await camera.shoot('perform');
  await openPart(camera, 'Face', 'Smile');
  await camera.shoot('lanes');
  await page.getByRole('button', { name: 'Add a lane of keyframes' }).click();
  await camera.shoot('add-lane');
  await page.keyboard.press('Escape');
  for (const [name, size] of [
    ['1280x720', SMALL],
    ['2560x1440', LARGE],
  ] as const) {
    await page.setViewportSize(size);
    await camera.shoot(`perform-${name}`);
  }
  await page.setViewportSize(USUAL);
  await camera.theme('light');
  await camera.shoot('perform-light');
  await camera.theme('dark');

  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.locator('.viewer-status').getByText(/fps/).waitFor();
  await page.waitForTimeout(1500);
  await camera.snap('playing');
  await page.keyboard.press('Space');

  const from = await camera.moment(0.2);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= 20; step++) await page.mouse.move(from.x + step * 9, from.y);
  await page.waitForTimeout(300);
  await camera.snap('scrubbing');
  await page.mouse.up();

  await page
    .getByRole('button', { name: /^Sound Other voice/ })
    .first()
    .click({ position: { x: 60, y: 30 } });
  await camera.shoot('clip-selected');
  await page.keyboard.press('Escape');
  await button('Frames: what the patterns and lines mean').click();
  await camera.shoot('frames-legend');
  await page.keyboard.press('Escape');
}

/** Source, avatar, split, difference, and what can be laid over them. */
export async function views(camera: Camera, project: string): Promise<void> {
  const { page } = camera;
  await camera.open(project, 'perform');
  await camera.ready();
  await seek(camera, '1.6');
  for (const [mode, key] of [
    ['source', '1'],
    ['avatar', '2'],
    ['split', '3'],
    ['difference', '4'],
  ] as const) {
    await page.keyboard.press(key);
    await camera.shoot(`view-${mode}`);
  }
  await page.keyboard.press('1');
  for (const layer of ['Mesh', 'Shaded mesh', 'Landmarks', 'How well the mesh fits', 'Regions']) {
    await toggleLayer(camera, layer);
    await camera.shoot(`overlay-${layer.toLowerCase().replaceAll(' ', '-')}`);
    await toggleLayer(camera, layer);
  }
  for (const layer of ['Mesh', 'Head axes', 'Crop box']) await toggleLayer(camera, layer);
  await page.getByRole('button', { name: /^Overlay/ }).click();
  await camera.shoot('overlay-menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('h');
  await camera.shoot('head-view');
  await page.keyboard.press('h');
  for (const layer of ['Head axes', 'Crop box']) await toggleLayer(camera, layer);
  await page.keyboard.press('3');
  await camera.shoot('split-mesh');
  await camera.theme('light');
  await camera.shoot('split-mesh-light');
  await camera.theme('dark');
  await toggleLayer(camera, 'Mesh');
  await page.keyboard.press('2');
}

export async function seek({ page }: Camera, time: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Time' });
  await field.fill(time);
  await field.press('Enter');
}

export async function toggleLayer({ page }: Camera, layer: string): Promise<void> {
  await page.getByRole('button', { name: /^Overlay/ }).click();
  await page.getByRole('checkbox', { name: layer, exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: layer, exact: true }).waitFor({ state: 'detached' });
}
