import type { Camera } from './camera.ts';

/** Everything around a project. */
export async function house(camera: Camera, project: string): Promise<void> {
  const { page, button } = camera;
  await camera.open(project, 'perform');
  await page.keyboard.press('Control+k');
  await camera.shoot('palette');
  await page.keyboard.type('over');
  await camera.shoot('palette-found');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  for (const name of ['General', 'Shortcuts', 'Models', 'About', 'Debug report']) {
    await settings.getByRole('tab', { name }).click();
    if (name === 'About') await settings.getByRole('row', { name: /^torch / }).waitFor();
    if (name === 'Debug report') await page.getByRole('region', { name: 'Debug report' }).waitFor();
    await camera.shoot(`settings-${name.toLowerCase().replace(' ', '-')}`);
    await settings.locator('.mantine-Loader-root').waitFor({ state: 'detached' });
  }
  await settings.getByRole('tab', { name: 'Shortcuts' }).click();
  await settings.getByRole('button', { name: 'Add a shortcut for Jobs' }).click();
  await page.keyboard.press('Control+k');
  await settings.getByRole('alert').waitFor();
  await camera.shoot('shortcut-taken');
  await settings.getByRole('button', { name: 'Keep' }).click();
  await camera.theme('light');
  await camera.shoot('settings-shortcuts-light');
  await settings.getByRole('tab', { name: 'General' }).click();
  await camera.shoot('settings-general-light');
  await camera.theme('dark');
  await page.keyboard.press('Escape');

  await camera.library();
  await button(/^More about/)
    .first()
    .click();
  await camera.shoot('project-menu');
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await camera.shoot('remove');
  await page.keyboard.press('Escape');
}
