import { join } from 'node:path';
import { defineConfig } from 'vite';
import product from '../../../vite.config.ts';

const globals = join(import.meta.dirname, 'page-globals.js');

/** The window for Chromium 114. */
export default defineConfig({
  ...product,
  plugins: [
    ...product.plugins!,
    {
      name: 'page-globals',
      transform: (code, id) =>
        id.endsWith('/shell/main.tsx') ? `import ${JSON.stringify(globals)};\n${code}` : undefined,
    },
  ],
  build: { ...product.build, outDir: '../../out/electron-old/window', target: 'chrome114' },
});
