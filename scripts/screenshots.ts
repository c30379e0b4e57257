/** Pictures of the window in every state, into out/screenshots: `node scripts/screenshots.ts [minutes of training]`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../e2e/browser.ts';
import { buildWindow } from '../e2e/build-window.ts';
import { shortSample } from '../e2e/short-sample.ts';
import { serve } from '../src/main/serve.ts';

const out = join(import.meta.dirname, '..', 'out', 'screenshots');
const library = mkdtempSync(join(tmpdir(), 'likeness-screenshots-'));
const minutes = Number(process.argv[2] ?? 2);
mkdirSync(out, { recursive: true });
buildWindow();
const clip = { name: 'The sample person.mp4', mimeType: 'video/mp4', buffer: readFileSync(await shortSample()) };
const host = await serve({ libraryDir: library });
const browser = await launchBrowser();
const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(600_000);

const shoot = async (name: string) => {
  await page.waitForTimeout(500); // transitions, and a video's first frame
  await page.screenshot({ path: join(out, `${name}.png`) });
  console.log(name);
};
const step = (name: string) => page.getByRole('radiogroup', { name: 'Step' }).getByText(name, { exact: true }).click();

try {
  await page.goto(host.url);
  await page.getByText('Twenty seconds or more').waitFor();
  await shoot('empty');
  await page.setInputFiles('input[type=file]', { ...clip, name: 'notes.mp4', buffer: Buffer.from('not a video') });
  await page.getByLabel('is me').check();
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('alert').waitFor();
  await shoot('error');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Close' }).click();

  await page.setInputFiles('input[type=file]', clip);
  await page.getByLabel('is not a real person').check();
  await shoot('consent');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.waitForTimeout(1500);
  await shoot('analysing');
  await page.getByRole('region', { name: 'Input check' }).waitFor();
  await shoot('check');

  await page.getByRole('button', { name: 'Go on to Train' }).click();
  await shoot('presets');
  const [project] = host.studio.projects();
  const training = host.studio.train(project!.id, { preset: 'demo', minutes, seed: 1 });
  await page.getByText('Training: sharpness').waitFor();
  await page.getByRole('img', { name: /Held-out frames/ }).waitFor();
  await page.waitForTimeout(5000);
  await shoot('training');
  await page.getByRole('button', { name: /^Jobs 1/ }).click();
  await shoot('jobs');
  await page.keyboard.press('Escape');
  await training.result;
  await page.getByRole('region', { name: 'Held-out quality' }).waitFor();
  await shoot('trained');

  await step('Export');
  await page.getByRole('button', { name: 'Export MP4' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.waitForTimeout(1500);
  await shoot('exporting');
  await page.getByLabel(/Exported video/).evaluate((film: HTMLVideoElement) => (film.currentTime = 1.6));
  await shoot('exported');
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await shoot('exported-light');
  await step('Source');
  await shoot('check-light');

  host.studio.renameProject(project!.id, 'A project with a name so long that it has no chance at all to fit into the header or on its card in the library, second take');
  await page.setViewportSize({ width: 1280, height: 720 });
  await shoot('long-name-1280x720');
  await page.getByRole('link', { name: 'Likeness' }).click();
  await shoot('library-light-1280x720');
  await page.getByRole('button', { name: 'Use the dark theme' }).click();
  await page.getByRole('button', { name: /^More about/ }).click();
  await shoot('library-1280x720');
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await shoot('remove');
} finally {
  await browser.close();
  await host.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
}
