import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Display {
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** The screen that is there, else a virtual one. Raises an Error that says what to install. */
export async function openDisplay(): Promise<Display> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return { env: {}, close: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await Promise.race([
    firstLine(server),
    once(server, 'error').then(() => {
      throw new Error(
        'There is no display, and no Xvfb to make one: install the packages xvfb, libgtk-3-0, libnss3 and libasound2.',
      );
    }),
  ]);
  return { env: { DISPLAY: `:${number}` }, close: () => void server.kill() };
}

async function firstLine(server: ChildProcess): Promise<string> {
  const [line] = (await once(server.stdio[3]!, 'data')) as [Buffer];
  return line.toString().trim();
}
