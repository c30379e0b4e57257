import type { Locator, Page } from 'playwright-core';

/** Where a sound begins and ends on the timeline, as its handles say. */
export async function placeOf(page: Page, name: string): Promise<readonly [number, number]> {
  const value = async (end: string) =>
    Number(
      await page
        .getByRole('slider', { name: `${end} of ${name}` })
        .first()
        .getAttribute('aria-valuenow'),
    );
  return [await value('Start'), await value('End')];
}

/** Drags something along a timeline of `length` seconds by so many seconds. */
export async function dragBy(page: Page, what: Locator, seconds: number, length: number, alt: boolean): Promise<void> {
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const box = (await what.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const by = (seconds / (length * 1.04)) * lanes.width;
  await page.mouse.move(x, y);
  if (alt) await page.keyboard.down('Alt');
  await page.mouse.down();
  for (let step = 1; step <= 5; step++) await page.mouse.move(x + (by * step) / 5, y);
  await page.mouse.up();
  if (alt) await page.keyboard.up('Alt');
}

/** Shows one part of what Perform sets. */
export async function showPart(page: Page, name: string): Promise<void> {
  await page.getByRole('radiogroup', { name: 'What is set' }).getByText(name, { exact: true }).click();
}
