import { unpackBrowser } from '../src/bench/window/browser.ts';
import { buildWindow } from './build-window.ts';

/** Before the first file: what any of them needs and two at once would make over each other. */
export default async function prepare(): Promise<void> {
  buildWindow();
  await unpackBrowser();
}
