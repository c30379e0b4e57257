import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { openStudio, type Studio } from '../../src/main/studio/studio.ts';
import { startWebHost } from '../../src/main/web/server.ts';
import type { Step } from '../../src/renderer/ground/route.ts';

/** A short training on a busy computer takes as long. */
const PATIENCE_MS = 600_000;
export const USUAL = { width: 1440, height: 900 };
export const SMALL = { width: 1280, height: 720 };
export const LARGE = { width: 2560, height: 1440 };

export interface CameraOptions {
  readonly browser: Browser;
  readonly libraryDir: string;
  readonly windowDir: string;
  readonly out: string;
}

/** A window on a library, and somebody who takes pictures of it. */
export class Camera {
  readonly studio: Studio;
  readonly page: Page;
  readonly #origin: string;
  readonly #out: string;
  readonly #close: () => Promise<void>;

  private constructor(studio: Studio, page: Page, origin: string, out: string, close: () => Promise<void>) {
    this.studio = studio;
    this.page = page;
    this.#origin = origin;
    this.#out = out;
    this.#close = close;
  }

  static async open({ browser, libraryDir, windowDir, out }: CameraOptions): Promise<Camera> {
    const studio = openStudio({ libraryDir });
    const host = await startWebHost({ studio, windowDir, uploadDir: join(out, '.uploads') });
    const page = await browser.newPage({ locale: 'en-US', viewport: USUAL, colorScheme: 'dark' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', ({ message }) => console.error(`The window failed: ${message}`));
    await page.goto(host.url);
    return new Camera(studio, page, new URL(host.url).origin, out, async () => {
      await page.close();
      await host.close();
      await studio.close();
    });
  }

  async shoot(name: string, type: 'png' | 'jpeg' = 'png'): Promise<void> {
    await this.page.waitForTimeout(500); // transitions
    await this.snap(name, type);
  }

  /** At once: of something that moves. */
  async snap(name: string, type: 'png' | 'jpeg' = 'png'): Promise<void> {
    await this.page.screenshot({
      path: join(this.#out, `${name}.${type === 'jpeg' ? 'jpg' : 'png'}`),
      type,
      ...(type === 'jpeg' ? { quality: 88 } : {}),
    });
    console.log(name);
  }

  /** The avatar is drawn, and what it says is worked out. */
  async ready(): Promise<void> {
    await this.page.locator('.viewer-status').getByText('live').waitFor();
    await this.page.locator('.viewer-note').first().waitFor({ state: 'detached' });
    await this.page.waitForTimeout(2000); // its motion comes behind its picture
  }

  /** As the viewer has them made; waits for them. */
  async picturesMade(project: string): Promise<void> {
    this.studio.timeline.makePictures(project);
    while ((await this.studio.projects.get(project)).pictures === null) await this.page.waitForTimeout(100);
  }

  async library(): Promise<void> {
    await this.page.goto(`${this.#origin}/#/`);
    await this.page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  }

  async open(project: string, step: Step): Promise<void> {
    await this.page.goto(`${this.#origin}/#/project/${this.studio.library.projects.find(project).id}/${step}`);
    await this.page.getByRole('region', { name: 'Timeline' }).waitFor();
    await this.page.locator('.film-pending').waitFor({ state: 'detached' });
    await this.page.locator('.viewer-note').first().waitFor({ state: 'detached' });
  }

  /** Where a moment lies on the timeline, which shows all of it. */
  async moment(share: number): Promise<{ x: number; y: number }> {
    const lanes = (await this.page.locator('#timeline-lanes').boundingBox())!;
    return { x: lanes.x + share * lanes.width, y: lanes.y + lanes.height * 0.2 };
  }

  async theme(theme: 'dark' | 'light'): Promise<void> {
    this.studio.settings.change({ theme });
    await this.page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor();
  }

  readonly button = (name: string | RegExp): Locator => this.page.getByRole('button', { name });

  close(): Promise<void> {
    return this.#close();
  }
}
