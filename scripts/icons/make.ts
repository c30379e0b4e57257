/** Makes every icon from the two drawings in build/: `node scripts/icons/make.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchBrowser } from '../../src/bench/window/browser.ts';
import { icns, ico, type Picture } from './containers.ts';

const build = resolve(import.meta.dirname, '..', '..', 'build');
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Up to here the drawing without the mesh is used. */
const SMALL = 24;

const browser = await launchBrowser();
const page = await browser.newPage();
const pictures: Picture[] = [];
for (const size of SIZES) {
  const drawing = readFileSync(join(build, size <= SMALL ? 'icon-small.svg' : 'icon.svg'));
  await page.setViewportSize({ width: size, height: size });
  const source = `data:image/svg+xml;base64,${drawing.toString('base64')}`;
  await page.setContent(`<body style="margin:0"><img src="${source}" width="${size}" style="display:block">`);
  pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
}
await browser.close();

mkdirSync(join(build, 'icons'), { recursive: true });
for (const { size, png } of pictures.filter((one) => one.size <= 512))
  writeFileSync(join(build, 'icons', `${size}x${size}.png`), png);
writeFileSync(join(build, 'icon.png'), pictures.at(-1)!.png);
writeFileSync(join(build, 'icon.ico'), ico(pictures.filter(({ size }) => size <= 256)));
writeFileSync(join(build, 'icon.icns'), icns(pictures));
