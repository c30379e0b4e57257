/** The live picture: a window asks for the avatar's frames while its take plays, and gets them as they are drawn. */
import { StudioError } from '../../../shared/contract/index.ts';
import type { LiveReply } from '../../../shared/contract/live.ts';
import { openAvatar } from '../engine/index.ts';
import { PRODUCER } from '../ground/product.ts';
import { followCamera } from '../jobs/index.ts';
import { requireTrainer } from '../set-up/index.ts';
import { liveThreadsFor, trainerCommand } from '../system/environment.ts';
import type { Studio } from '../studio.ts';
import { closuresOf, wholeSound } from '../takes/index.ts';
import { Audience } from './audience.ts';
import { Engines } from './engines.ts';
import type { Line } from './line.ts';
import { shapeOf } from './refusal.ts';
import { LiveSession, type LiveSource, LOOK_MS } from './session.ts';

export type { Line } from './line.ts';

/** Windows and tabs of one person; each may hold an engine of its own. */
const MOST_LINES = 16;

/** What the lines ask of a studio. */
export interface LiveStudio {
  readonly tools: Studio['tools'];
  readonly avatars: Pick<Studio['avatars'], 'shownPath' | 'networks' | 'findHubert' | 'requireConsent'>;
  readonly timeline: Pick<Studio['timeline'], 'soundFile'>;
  readonly voices: Pick<Studio['voices'], 'script'>;
  readonly settings: Pick<Studio['settings'], 'get'>;
  readonly installation: Studio['installation'];
}

/** The live lines of a studio; hosts bring the windows. */
export class LiveLines {
  readonly #engines: Engines;
  readonly #avatars: LiveStudio['avatars'];
  readonly #lookMs: number;
  readonly #source: LiveSource;
  readonly #audience = new Audience();
  readonly #sessions = new Set<LiveSession>();
  readonly #watching = new Set<Line>();

  /** `threads` instead of what the settings say; `lookMs`: how often it is looked for what changed. */
  constructor(
    studio: LiveStudio,
    { threads, lookMs = LOOK_MS }: { readonly threads?: number; readonly lookMs?: number } = {},
  ) {
    this.#avatars = studio.avatars;
    this.#lookMs = lookMs;
    this.#engines = new Engines(() => threads ?? liveThreadsFor(studio.settings.get().threads), {
      networks: () => studio.avatars.networks(),
      open: (path, options) => openAvatar(path, { ...options, hubert: studio.avatars.findHubert }),
    });
    this.#source = {
      engines: this.#engines,
      audience: this.#audience,
      avatarPath: (projectId) => studio.avatars.shownPath(projectId),
      follow: async (size, watcher) => {
        const { ffmpeg, ffprobe } = await studio.tools();
        requireTrainer(studio.installation);
        const job = { v: 1, producer: PRODUCER, ffmpeg, ffprobe, command: 'follow', ...size } as const;
        return followCamera(trainerCommand(studio.installation), job, watcher);
      },
      mix: async (projectId, take, signal) => {
        const sounds = (sound: string) => studio.timeline.soundFile(projectId, sound);
        const phones = async (sound: string) => (await studio.voices.script(projectId, sound))?.times.phones ?? [];
        const { samples } = await wholeSound(await studio.tools(), sounds, take, signal);
        return { samples, closures: await closuresOf(take, phones) };
      },
    };
  }

  /** A new window's line. The host hands on what it hears, and calls `close` when the line is gone. */
  connect(line: Line): Pick<LiveSession, 'receive' | 'drained' | 'close'> {
    if (this.#sessions.size + this.#watching.size >= MOST_LINES) {
      const error = new StudioError({
        code: 'busy',
        message: 'Too many windows show a live picture.',
        hint: 'Close some of them.',
      });
      line.send(JSON.stringify({ type: 'failed', serial: null, error: error.toJSON() } satisfies LiveReply));
      line.close();
      return { receive: () => undefined, drained: () => undefined, close: () => undefined };
    }
    const session = new LiveSession(this.#source, line, this.#lookMs);
    this.#sessions.add(session);
    return {
      receive: (message) => session.receive(message),
      drained: () => session.drained(),
      close: () => {
        this.#sessions.delete(session);
        session.close();
      },
    };
  }

  /**
   * Somebody looks on at a project's live pictures, without their background; the answer is for when they are gone.
   * The line is closed where there is no room, and once the consent is withdrawn.
   */
  watch(projectId: string, line: Line): () => void {
    if (this.#sessions.size + this.#watching.size >= MOST_LINES) {
      line.close();
      return () => undefined;
    }
    if (this.#refused(projectId, line)) return () => undefined;
    this.#watching.add(line);
    const leave = this.#audience.watch(projectId, line);
    const look = setInterval(() => {
      if (this.#refused(projectId, line)) clearInterval(look);
    }, this.#lookMs).unref();
    return () => {
      clearInterval(look);
      this.#watching.delete(line);
      leave();
    };
  }

  /** Says on the line that the project's avatar may not be shown, and closes it; false where it may. */
  #refused(projectId: string, line: Line): boolean {
    try {
      this.#avatars.requireConsent(projectId);
      return false;
    } catch (error) {
      line.send(JSON.stringify({ type: 'failed', serial: null, error: shapeOf(error) } satisfies LiveReply));
      line.close();
      return true;
    }
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.close();
    this.#sessions.clear();
    await this.#engines.close();
  }
}
