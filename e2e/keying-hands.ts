import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';

/** Of the browser's performance timeline: the avatar's next picture is on the stage. */
const PICTURE = 'likeness:picture-avatar';

/** What somebody does who keys a take and looks at it. */
export function keyingHands(page: Page) {
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  /** One step after the other, as long as there is any. */
  const exhaust = async (name: 'Undo' | 'Redo'): Promise<void> => {
    for (let steps = 0; (await button(name).isEnabled()) && steps < 40; steps++) await button(name).click();
  };

  return {
    button,
    undoAll: () => exhaust('Undo'),
    redoAll: () => exhaust('Redo'),

    /** To another moment, until a picture of it is on the stage. */
    async seek(time: string): Promise<void> {
      const before = await page.evaluate((name) => performance.getEntriesByName(name).length, PICTURE);
      const field = page.getByRole('textbox', { name: 'Time' });
      await field.fill(time);
      await field.press('Enter');
      await page.waitForFunction(([name, count]) => performance.getEntriesByName(name).length > count, [
        PICTURE,
        before,
      ] as const);
    },

    /** A value of a control at the playhead, by its number; keyed there, whatever the control showed. */
    async type(title: string, value: string): Promise<void> {
      const field = page.getByRole('textbox', { name: `${title}, typed` });
      await field.fill(value === '1' ? '0' : '1'); // what it shows already would be no change
      await field.fill(value);
      await field.press('Tab');
    },

    /** Until the live picture is the avatar's. */
    async drawn(): Promise<void> {
      await page.getByText(/\d+p live/).waitFor();
      await page.getByText(/^(Drawing|Opening) the avatar/).waitFor({ state: 'hidden' });
    },

    /** The live picture as it is once it has come to rest. */
    async picture(): Promise<string> {
      const canvas = page.locator('.viewer-stage canvas').first();
      let before = '';
      for (let same = 0; same < 3; await page.waitForTimeout(400)) {
        const now = createHash('sha256')
          .update(await canvas.screenshot())
          .digest('hex');
        same = now === before ? same + 1 : 0;
        before = now;
      }
      return before;
    },
  };
}
