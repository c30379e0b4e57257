import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

/**
 * Main process and preload script for Electron. The window is the web host's: vite.config.ts builds it, once for both.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        // The avatar engine's worker thread is loaded by its file name, from beside the main file.
        input: { index: resolve('src/main/index.ts'), worker: resolve('src/main/studio/engine/worker.ts') },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false, // a sandboxed preload script can require Electron and nothing else
      rollupOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
});
