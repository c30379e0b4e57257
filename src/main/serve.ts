import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../shared/contract/index.ts';
import { openStudio, type Studio, type StudioOptions } from './studio/studio.ts';
import type { Access } from './web/addresses.ts';
import { apiToken } from './web/api/token.ts';
import { startWebHost, type WebHost } from './web/server.ts';

/** The same window in a browser: for machines without Electron's binary, and for browser tests. */
export async function serve(
  options: StudioOptions & { readonly port?: number; readonly access?: Access; readonly api?: boolean } = {},
): Promise<WebHost & { readonly studio: Studio; readonly tokenFile: string | undefined }> {
  const studio = openStudio({ ...options, host: 'browser' });
  const windowDir = join(studio.installation.root, 'out', 'window');
  if (!existsSync(join(windowDir, 'index.html'))) {
    await studio.close();
    throw new StudioError({
      code: 'missing-tool',
      message: 'The window has not been built.',
      hint: 'Run "npm run build:window", or start with "npm start", which does it.',
    });
  }
  const uploads = studio.system.uploadFolder();
  const token = options.api === true ? apiToken(studio.libraryDir) : undefined;
  const host = await startWebHost({
    studio,
    windowDir,
    uploadDir: uploads.path,
    port: options.port,
    access: options.access,
    ...(token === undefined ? {} : { api: { token: token.token } }),
  }).catch(async (error: unknown) => {
    uploads.forget();
    await studio.close();
    throw unlistenable(error, options);
  });
  const what = token === undefined ? 'the window' : 'the window and other programs';
  studio.log.note(`serves ${what} at ${new URL(host.url).host}`); // without the token
  return {
    get url() {
      return host.url;
    },
    get urlWithKey() {
      return host.urlWithKey;
    },
    apiUrl: host.apiUrl,
    tokenFile: token?.file,
    studio,
    close: async () => {
      await host.close();
      uploads.forget();
      await studio.close();
    },
  };
}

/** Why nothing can be listened at, in words. */
function unlistenable(
  error: unknown,
  { port = 0, access }: { readonly port?: number; readonly access?: Access },
): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new StudioError({
      code: 'bad-request',
      message: `Another program listens at port ${port}.`,
      hint: 'Choose another one with --port.',
    });
  if (code === 'EACCES')
    return new StudioError({
      code: 'bad-request',
      message: `This computer does not let a program listen at port ${port}.`,
      hint: 'Choose one above 1024 with --port.',
    });
  if (code === 'EADDRNOTAVAIL')
    return new StudioError({
      code: 'bad-request',
      message: `${access?.bind} is not an address of this computer.`,
      hint: 'Give one that is, or 0.0.0.0 for all of them.',
    });
  return error;
}

/** Opens the address in the person's browser; printing it is enough where there is none. */
export function openInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(program!, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
