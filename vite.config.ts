import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window, built for the web host. electron.vite.config.ts builds the same for Electron. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react()],
  build: { outDir: '../../out/window', emptyOutDir: true, target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'], sourcemap: false },
});
