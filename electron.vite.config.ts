import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

/** Native modules, which find their own binaries; every other package is built in (docs/decisions/electron-main.md). */
const NATIVE = ['better-sqlite3', 'onnxruntime-node'];

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
        external: [...NATIVE, /[\\/]src[\\/](bench|research)[\\/]/],
        // The avatar engine's worker thread is loaded by its file name, from beside the file that holds the engine.
        input: {
          index: resolve('src/main/index.ts'),
          worker: resolve('src/main/studio/engine/worker.ts'),
          'drawing-worker': resolve('src/main/studio/engine/drawing-worker.ts'),
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
