import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Main process, preload script and window for Electron. vite.config.ts builds the same window for the web host. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        // The avatar engine's worker thread is loaded by its file name, from beside the main file.
        input: { index: resolve('src/main/index.ts'), worker: resolve('src/main/studio/avatar/worker.ts') },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false, // a sandboxed preload script can require Electron and nothing else
      rollupOptions: { input: { index: resolve('src/preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    plugins: [react()],
    build: { outDir: 'out/window', emptyOutDir: true, target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'], minify: true, rollupOptions: { input: resolve('src/renderer/index.html') } },
  },
});
