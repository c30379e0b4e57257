import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { PATIENCE_MS } from '../patience.ts';
import { buildProgram, root } from './build.ts';
import { type Display, openDisplay } from './display.ts';
import { type House, makeHouse } from './house.ts';
import { handOver, startable } from './ordinary-user.ts';
import type { Program } from './program.ts';

/** However it hangs, a program that was asked to end is ended after this. */
export const END_MS = 8000;

/** The built program, with a library and a screen to start it on. */
export class Likeness {
  readonly house: House;
  readonly folder: string;
  readonly #path: string;
  /** The folder to start. */
  readonly built: string;
  readonly #display: Display;
  readonly #running = new Set<Running>();

  private constructor(folder: string, house: House, path: string, built: string, display: Display) {
    this.folder = folder;
    this.house = house;
    this.#path = path;
    this.built = built;
    this.#display = display;
  }

  static async prepare(program: Program): Promise<Likeness> {
    const folder = mkdtempSync(join(tmpdir(), 'likeness-electron-'));
    chmodSync(folder, 0o755);
    const built = buildProgram(program.old);
    const loader = join(root, 'node_modules', 'playwright-core', 'package.json');
    const path = startable(program.path, folder, [join(built, 'package.json'), loader]);
    return new Likeness(folder, await makeHouse(folder), path, built, await openDisplay());
  }

  /** What a program of ours needs in its environment to have a screen. */
  get screen(): Readonly<Record<string, string>> {
    return this.#display.env;
  }

  /** Where the program keeps what is the user's; each name is another user. */
  userDir(name: string): string {
    const dir = join(this.folder, `user-${name}`);
    if (mkdirSync(dir, { recursive: true }) !== undefined) handOver(dir);
    return dir;
  }

  async start(
    user: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Running> {
    const electron = await _electron.launch({
      executablePath: this.#path,
      chromiumSandbox: true,
      args: [...this.#args(user), '--use-fake-device-for-media-stream', ...args],
      env: { ...this.#env(), ...env },
      timeout: 60_000,
    });
    const running = await Running.of(electron);
    this.#running.add(running);
    return running;
  }

  /** Starts it once more, as a person would by the icon; resolves to how it ended, null when it had to be ended. */
  async startAgain(user: string, args: readonly string[] = []): Promise<number | null> {
    const second = spawn(this.#path, [...this.#args(user), ...args], {
      env: this.#env(),
      stdio: 'ignore',
      detached: true,
    });
    return endOf(second);
  }

  async close(): Promise<void> {
    for (const running of this.#running) await running.end();
    this.#display.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #args(user: string): string[] {
    return [this.built, `--user-data-dir=${this.userDir(user)}`];
  }

  #env(): Record<string, string> {
    const { library, neverDone } = this.house;
    const own = { LIKENESS_LIBRARY: library, LIKENESS_PYTHON: neverDone, HOME: this.userDir('home') };
    return { ...(process.env as Record<string, string>), ...own, ...this.#display.env };
  }
}

/** One started program and its window. */
export class Running {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** Errors and warnings of the page. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess; // Playwright's own object knows nothing of one that ended
  readonly #ended: Promise<number | null>;

  private constructor(electron: ElectronApplication, page: Page) {
    this.electron = electron;
    this.page = page;
    this.#process = electron.process();
    this.#ended = once(this.#process, 'exit').then(([code]) => code as number | null);
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
  }

  static async of(electron: ElectronApplication): Promise<Running> {
    const said: string[] = [];
    electron.process().stderr?.on('data', (text) => said.push(String(text)));
    try {
      return new Running(electron, await electron.firstWindow());
    } catch (cause) {
      killWhole(electron.process());
      throw new Error(`No window came:\n${said.join('').slice(-4000)}`, { cause });
    }
  }

  /** Shows a page of the window: what stands behind the #. */
  async show(hash: string): Promise<void> {
    await this.page.evaluate((to) => void (location.hash = to), hash);
  }

  /** Chooses from the application menu. */
  async choose(menu: string, label: string): Promise<void> {
    await this.electron.evaluate(
      ({ Menu }, [top, name]) =>
        Menu.getApplicationMenu()!
          .items.find((item) => item.label === top)!
          .submenu!.items.find((item) => item.label === name)!
          .click(),
      [menu, label] as const,
    );
  }

  /** Asks it to end as File > Quit does; null when it had to be ended. */
  async quit(): Promise<number | null> {
    if (this.#process.exitCode === null)
      void this.electron.evaluate(({ app }) => void setTimeout(() => app.quit(), 10)).catch(() => undefined);
    return this.ended();
  }

  /** How it ended; null when it had to be ended. */
  async ended(): Promise<number | null> {
    const code = await Promise.race([this.#ended, wait(END_MS, undefined, { ref: false })]);
    if (code === undefined) killWhole(this.#process);
    return code ?? null;
  }

  /** Ends it, whatever it asks. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    await this.electron.evaluate(({ dialog }) => void (dialog.showMessageBoxSync = () => 1)).catch(() => undefined);
    await this.quit();
  }
}

/** With the processes it started, which outlive it when it is killed. They are a group of their own. */
function killWhole(child: ChildProcess): void {
  if (process.platform === 'win32') return void child.kill('SIGKILL');
  process.kill(-child.pid!, 'SIGKILL');
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const timer = setTimeout(() => killWhole(child), END_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code;
}
