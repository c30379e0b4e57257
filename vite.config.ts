import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window, for the web host and for Electron alike. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../out/window',
    emptyOutDir: true,
    rolldownOptions: { input: ['src/renderer/index.html', 'src/renderer/live.html'] },
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    sourcemap: false,
    // The licences of everything that is built in, beside it: they ask for that.
    license: { fileName: 'licences.md' },
  },
});
