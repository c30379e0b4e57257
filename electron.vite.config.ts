import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

/**
 * Packages that find files beside themselves; every other one is built in (docs/decisions/electron-main.md). What reads
 * text is under a licence of its own (docs/decisions/voices.md).
 */
const OUTSIDE = ['better-sqlite3', 'onnxruntime-node', '@echogarden/espeak-ng-emscripten'];

/**
 * Main process and preload script for Electron. The window is the web host's: vite.config.ts builds it, once for both.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      license: { fileName: 'licences.md' }, // of the packages that are built in
      rolldownOptions: {
        // An installed program has no ablation (src/main/studio/checkout says so when it is asked for).
        external: [...OUTSIDE, /[\\/]src[\\/](bench|research)[\\/]/],
        // Worker threads are loaded by their file names, from beside the file that holds what starts them.
        input: {
          index: resolve('src/main/index.ts'),
          worker: resolve('src/main/studio/engine/worker.ts'),
          'drawing-worker': resolve('src/main/studio/engine/drawing-worker.ts'),
          'espeak-worker': resolve('src/main/studio/voices/espeak-worker.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false, // a sandboxed preload script can require Electron and nothing else
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
});
