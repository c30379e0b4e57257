import type { JSHandle, Page } from 'playwright-core';

/** A file as a browser sees it. */
export interface Dropped {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Drops a file on the window, as a mouse would: wherever it is dragged, all of it takes it, and says `offer`. */
export async function dropOnWindow(page: Page, file: Dropped, offer = 'Drop to import'): Promise<void> {
  const dataTransfer = await transferOf(page, file);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer });
  const veil = page.getByText(offer);
  await veil.waitFor();
  for (const type of ['dragenter', 'dragover', 'drop']) await veil.dispatchEvent(type, { dataTransfer });
}

/** Drops a sound on the lanes of the timeline, this share of their width from the left. */
export async function dropOnTimeline(page: Page, file: Dropped, share: number): Promise<void> {
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const where = { clientX: lanes.x + share * lanes.width, clientY: lanes.y + lanes.height * 0.7 };
  const dataTransfer = await transferOf(page, file);
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('#timeline-lanes', type, { dataTransfer, ...where });
}

function transferOf(page: Page, { name, type, bytes }: Dropped): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    ([content, fileName, mime]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], fileName, { type: mime }));
      return transfer;
    },
    [bytes.toString('base64'), name, type] as const,
  );
}
