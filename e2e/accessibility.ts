import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Finding {
  readonly rule: string;
  readonly where: string;
  readonly why: string;
}

/**
 * What axe-core finds serious or critical on the page as it is now, in its own theme and in the other one: empty when
 * all is well.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
    const look = async (options: axe.RunOptions): Promise<Finding[]> =>
      (await run(document, { resultTypes: ['violations'], ...options })).violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => ({ rule: id, where: html.slice(0, 200), why: failureSummary ?? '' })),
        );
    // What is fading in or out has colours of no theme.
    const fading = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(fading.map(({ finished }) => finished));
    const own = await look({});
    // A theme is colours and nothing else, so the other one is only asked for contrast.
    const root = document.documentElement;
    const theme = root.getAttribute('data-mantine-color-scheme') ?? 'dark';
    const still = document.head.appendChild(document.createElement('style'));
    still.textContent = '*, *::before, *::after { transition: none !important }';
    const other = theme === 'dark' ? 'light' : 'dark';
    try {
      root.setAttribute('data-mantine-color-scheme', other);
      return [
        ...own,
        ...(await look({ runOnly: ['color-contrast'] })).map((finding) => ({
          ...finding,
          rule: `${finding.rule}, ${other} theme`,
        })),
      ];
    } finally {
      root.setAttribute('data-mantine-color-scheme', theme);
      still.remove();
    }
  });
  return found.map(({ rule, where, why }) => `${rule}: ${where} ${why}`);
}
