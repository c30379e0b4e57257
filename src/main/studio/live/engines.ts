import { stat } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { type Avatar, type AvatarOptions, type Networks, openAvatar, type SpeedFigures } from '../engine/index.ts';
import type { Said } from '../takes/index.ts';

/** How long an engine stays ready after the last window left it: going from step to step must not open it again. */
const IDLE_MS = 30_000;
/** Sounds whose motion is kept: undo, and a window that comes back, find it again. */
const REMEMBERED_SOUNDS = 3;

/** An avatar's engine, shared by every window that shows the avatar. */
export interface EngineLease {
  readonly avatar: Avatar;
  /** What the start-up benchmark saw with the graph that is used. */
  readonly engineFps: number | null;
  /** Names the file as it was when it was opened. */
  readonly stamp: string;
  /** Motion of sounds, by what they are made of. */
  readonly spoken: Map<string, Said>;
  readonly release: () => void;
  /** As `release`, and nobody gets this engine any more: it is out of order. */
  discard(): void;
}

type OpenEngine = (path: string, options: AvatarOptions) => Promise<Avatar>;
interface Shared {
  readonly opening: Promise<Avatar>;
  readonly spoken: Map<string, Said>;
  users: number;
  idle?: NodeJS.Timeout;
}

/** Engines by avatar file. One is opened when it is first wanted, and closed half a minute after nobody wants it. */
export class Engines {
  readonly #threads: () => number;
  readonly #networks: () => Networks | undefined;
  readonly #open: OpenEngine;
  readonly #idleMs: number;
  readonly #shared = new Map<string, Shared>();
  /** What the start-up benchmark saw, by file: the next opening need not wait for it. */
  readonly #picked = new Map<string, SpeedFigures>();
  #closed = false;

  constructor(
    threads: () => number,
    {
      networks = () => undefined,
      open = openAvatar,
      idleMs = IDLE_MS,
    }: {
      /** What avatars' networks run on; the processor by default. */
      readonly networks?: () => Networks | undefined;
      readonly open?: OpenEngine;
      readonly idleMs?: number;
    } = {},
  ) {
    this.#threads = threads;
    this.#networks = networks;
    this.#open = open;
    this.#idleMs = idleMs;
  }

  /** The engine of an avatar file as it is now. Raises StudioError('not-found' | 'bad-bundle'). */
  async lease(path: string): Promise<EngineLease> {
    const stamp = await stampOf(path);
    if (this.#closed) throw closing();
    if (stamp === undefined)
      throw new StudioError({ code: 'not-found', message: 'The avatar is no longer there.', hint: 'Train it again.' });
    const threads = this.#threads();
    const networks = this.#networks();
    const key = `${stamp} ${threads} ${networks?.choice} ${path}`;
    const shared = this.#shared.get(key) ?? this.#start(key, path, { threads, networks });
    clearTimeout(shared.idle);
    shared.users += 1;
    let held = true;
    const letGo = (discarded: boolean): void => {
      if (!held) return;
      held = false;
      shared.users -= 1;
      if (discarded) this.#forget(key, shared);
      if (shared.users > 0) return;
      if (this.#shared.get(key) === shared)
        shared.idle = setTimeout(() => this.#retire(key, shared), this.#idleMs).unref();
      else void this.#retire(key, shared);
    };
    try {
      const avatar = await shared.opening;
      if (this.#closed) throw closing();
      return {
        avatar,
        engineFps: this.#picked.get(key)?.fps ?? null,
        stamp,
        spoken: shared.spoken,
        release: () => letGo(false),
        discard: () => letGo(true),
      };
    } catch (error) {
      letGo(true);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#shared];
    this.#shared.clear();
    await Promise.all(all.map(([key, shared]) => this.#retire(key, shared)));
  }

  #start(key: string, path: string, options: AvatarOptions): Shared {
    const shared: Shared = { opening: this.#opened(key, path, options), spoken: new Map(), users: 0 };
    shared.opening.catch(() => undefined); // each lease tells its own window
    this.#shared.set(key, shared);
    return shared;
  }

  async #opened(key: string, path: string, options: AvatarOptions): Promise<Avatar> {
    const picked = this.#picked.get(key);
    const avatar = await this.#open(path, { ...options, graph: picked?.model ?? 'auto' });
    const figures = avatar.speeds.find(({ model }) => model === avatar.graph);
    if (figures) this.#picked.set(key, figures);
    return avatar;
  }

  #forget(key: string, shared: Shared): void {
    if (this.#shared.get(key) === shared) this.#shared.delete(key);
  }

  async #retire(key: string, shared: Shared): Promise<void> {
    clearTimeout(shared.idle);
    this.#forget(key, shared);
    // one that fell over is closed already
    await shared.opening.then((avatar) => avatar.close()).catch(() => undefined);
  }
}

function closing(): StudioError {
  return new StudioError({ code: 'interrupted', message: 'Likeness is closing.', hint: 'Start it again.' });
}

/** Changes when the file does; undefined when there is none. */
export async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? `${found.mtimeMs}-${found.size}` : undefined;
}

export function remember(spoken: Map<string, Said>, key: string, value: Said): void {
  spoken.delete(key);
  spoken.set(key, value);
  if (spoken.size > REMEMBERED_SOUNDS) spoken.delete(spoken.keys().next().value!);
}
