export { launchBrowser } from '../src/bench/window/browser.ts';
