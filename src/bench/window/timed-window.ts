import type { Browser, BrowserContext, Page } from 'playwright-core';

/** As many screen pixels as a laptop's window has. */
const VIEWPORT = { width: 1280, height: 800 };
/** Nothing that is timed may take longer. */
const LIMIT_MS = 60_000;
type Picture = 'source' | 'avatar';

/** A window in a browser, that tells what happened when by the browser's own clock. */
export class TimedWindow {
  readonly page: Page;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** A new visitor, to whom nothing is known; `address` is the host's, with its token. */
  static async open(browser: Browser, address: string): Promise<TimedWindow> {
    const context = await browser.newContext({ locale: 'en-US', viewport: VIEWPORT });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.addInitScript(noteWhenInteractive);
    await page.goto(address);
    return new TimedWindow(context, page);
  }

  /**
   * Milliseconds from the navigation's start until the library's first control is on screen and the page has time for
   * it.
   */
  interactive(): Promise<number> {
    return this.#first('bench:interactive');
  }

  /** Milliseconds from a click on a project to the first picture of a kind. */
  async click(project: string, ...pictures: readonly Picture[]): Promise<number> {
    const card = this.page
      .getByRole('region', { name: 'Projects' })
      .getByRole('button')
      .filter({ has: this.page.getByText(project, { exact: true }) }) // another's name may begin with it
      .first();
    await this.page.evaluate(() => {
      performance.clearMarks();
      document.addEventListener('click', ({ timeStamp }) => performance.mark('bench:click', { startTime: timeStamp }), {
        once: true,
        capture: true,
      });
    });
    await card.click();
    const shown = await Promise.race(pictures.map((picture) => this.#first(`likeness:picture-${picture}`)));
    return shown - (await this.#first('bench:click'));
  }

  async backToLibrary(): Promise<void> {
    await this.page.getByRole('link', { name: 'Likeness' }).click();
    await this.page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  }

  /** How many pictures of the avatar were painted in the next seconds, a second. */
  paintedPerSecond(seconds: number): Promise<number> {
    return this.page.evaluate(async (wait) => {
      performance.clearMarks('likeness:picture-avatar');
      const begin = performance.now();
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      return performance.getEntriesByName('likeness:picture-avatar').length / ((performance.now() - begin) / 1000);
    }, seconds);
  }

  /** One move of a scrub, and how long its picture took; a picture that does not come counts as the limit. */
  async scrubTo(x: number, y: number, picture: Picture): Promise<number> {
    const measure = `likeness:scrub-${picture}`;
    await this.page.evaluate((name) => performance.clearMeasures(name), measure);
    await this.page.mouse.move(x, y);
    return this.page.evaluate(
      async ([name, limit]) => {
        const end = performance.now() + limit;
        for (;;) {
          const [entry] = performance.getEntriesByName(name);
          if (entry) return entry.duration;
          if (performance.now() > end) return limit;
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      },
      [measure, 2000] as const,
    );
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async #first(mark: string): Promise<number> {
    await this.page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark, { polling: 50 });
    return this.page.evaluate((name) => performance.getEntriesByName(name)[0]!.startTime, mark);
  }
}

/**
 * Runs in the page before anything of it: two animation frames after the first control, it is painted and the page idle
 * enough to answer.
 */
function noteWhenInteractive(): void {
  new MutationObserver((_, observer) => {
    if (!document.querySelector('main button:not(:disabled)')) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('bench:interactive')));
  }).observe(document, { childList: true, subtree: true });
}
