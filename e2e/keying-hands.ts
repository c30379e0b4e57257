import { createHash } from 'node:crypto';
import type { Page, WebSocket } from 'playwright-core';
import { decodeLivePicture } from '../src/shared/contract/live.ts';
import { PATIENCE_MS } from './patience.ts';

/** Of the browser's performance timeline: the avatar's next picture is on the stage. */
const PICTURE = 'likeness:picture-avatar';

/** Longer than the window keeps a change to itself, in milliseconds of its own clock. */
const CHANGE_REST_MS = 200;

/** What was asked of the avatar last, and whether its answer came. */
class Asked {
  #take = -1;
  #frame = -1;
  #motion = -1;
  #picture = -1;
  /** Grows with each question and answer. */
  count = 0;

  listenTo(socket: WebSocket): void {
    if (!socket.url().endsWith('/live')) return;
    this.#take = this.#frame = this.#motion = this.#picture = -1;
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') return;
      const { type, serial } = JSON.parse(payload) as { type: string; serial: number };
      if (type === 'take') this.#take = serial;
      if (type === 'frame') this.#frame = serial;
      this.count += 1;
    });
    socket.on('framereceived', ({ payload }) => {
      this.count += 1;
      if (typeof payload !== 'string')
        return void (this.#picture = decodeLivePicture(new Uint8Array(payload).buffer).serial);
      const { type, serial } = JSON.parse(payload) as { type: string; serial: number };
      if (type === 'motion' || (type === 'failed' && serial === this.#take)) this.#motion = serial;
      if (type === 'failed' && serial === this.#frame) this.#picture = serial;
    });
  }

  get all(): boolean {
    return this.#frame !== -1 && this.#motion === this.#take && this.#picture === this.#frame;
  }
}

/** What somebody does who keys a take and looks at it; made before the avatar is on the page. */
export function keyingHands(page: Page) {
  const asked = new Asked();
  page.on('websocket', (socket) => asked.listenTo(socket));
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

    /** The live picture of what the take is by now. */
    async picture(): Promise<string> {
      await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), CHANGE_REST_MS);
      const end = Date.now() + PATIENCE_MS;
      for (let before = -1; !asked.all || before !== asked.count;) {
        if (Date.now() > end) throw new Error('The picture does not come to rest.');
        before = asked.count;
        // What came is painted, and what follows from it asked.
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
      }
      const canvas = page.locator('.viewer-stage canvas').first();
      const shown = await canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
      return createHash('sha256').update(shown).digest('hex');
    },
  };
}
