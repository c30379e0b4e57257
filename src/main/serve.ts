import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../shared/contract/index.ts';
import { openStudio, type Studio, type StudioOptions } from './studio/studio.ts';
import { startWebHost, type WebHost } from './web/server.ts';

/** The same window in a browser: for machines without Electron's binary, and for browser tests. */
export async function serve(options: StudioOptions & { readonly port?: number } = {}): Promise<WebHost & { readonly studio: Studio }> {
  const studio = openStudio(options);
  const windowDir = join(studio.installation.root, 'out', 'window');
  if (!existsSync(join(windowDir, 'index.html'))) {
    await studio.close();
    throw new StudioError({ code: 'missing-tool', message: 'The window has not been built.', hint: 'Run "npm run build:window", or start with "npm start", which does it.' });
  }
  const host = await startWebHost({ studio, windowDir, uploadDir: join(tmpdir(), `likeness-uploads-${process.pid}`), port: options.port });
  return {
    url: host.url,
    studio,
    close: async () => {
      await host.close();
      await studio.close();
    },
  };
}

/** Opens the address in the person's browser; printing it is enough where there is none. */
export function openInBrowser(url: string): void {
  const [program, ...args] = process.platform === 'darwin' ? ['open', url] : process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url];
  const child = spawn(program!, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
