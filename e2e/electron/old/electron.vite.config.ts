import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { mergeConfig } from 'vite';
import product from '../../../electron.vite.config.ts';

const here = resolve('e2e/electron/old');
const globals = readFileSync(join(here, 'globals.cjs'), 'utf8');
const { main, preload } = product as Extract<typeof product, { main?: unknown }>;

/** The product's own build, for Node 18 and with what that lacks in front of each file. */
export default defineConfig({
  main: mergeConfig(main!, {
    build: { outDir: 'out/electron-old/main', target: 'node18', rolldownOptions: { output: { banner: globals } } },
  }),
  preload: mergeConfig(preload!, {
    build: {
      outDir: 'out/electron-old/preload',
      target: 'node18',
      rolldownOptions: {
        output: { banner: `require('electron').webUtils ??= { getPathForFile: ({ path }) => path };` },
      },
    },
  }),
});
