import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { buildWindow } from '../build-window.ts';
import { likenessOn } from '../likeness.ts';
import { cookieOf } from '../studio-client.ts';

/** `likeness serve` in a process of its own, and a window's way into it. */
export interface Served {
  readonly url: string;
  readonly origin: string;
  readonly cookie: string;
  ended(): boolean;
  log(): string;
  /** The most memory it had. */
  megabytes(): number | undefined;
  stop(): Promise<void>;
}

export async function serveLibrary(library: string): Promise<Served> {
  buildWindow();
  const { child, answer } = likenessOn(library).start('serve');
  let log = '';
  child.stderr!.on('data', (text: string) => (log += text));
  answer.catch((error: unknown) => (log += String(error)));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (text: string) => {
      said += text;
      const found = /"url": "([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(log)));
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const status = `/proc/${child.pid}/status`;
  return {
    url,
    origin: new URL(url).origin,
    cookie: await cookieOf(url),
    ended,
    log: () => log,
    megabytes() {
      const most = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8')) : null;
      return most ? Math.round(Number(most[1]) / 1024) : undefined;
    },
    async stop() {
      if (ended()) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
