import { statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { z } from 'zod';
import type { Opened } from '../../shared/contract/bridge.ts';
import { VIDEO_ENDINGS } from '../../shared/domain/video-files.ts';

/** What a second start of the program hands to the first; it may be anybody's. */
const Handed = z.object({ files: z.array(z.string().min(1).max(4096)).max(100) });

/**
 * The videos among the words of a command line: what the system adds to it (switches, the program's folder) is none.
 */
export function videosIn(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => !word.startsWith('-') && VIDEO_ENDINGS.includes(extname(word).toLowerCase()))
    .map((word) => resolve(folder, word))
    .filter((path) => sizeOf(path) !== undefined);
}

/** The same of what a second start handed over. */
export function handedVideos(additional: unknown, folder: string): string[] {
  const handed = Handed.safeParse(additional);
  return handed.success ? videosIn(handed.data.files, folder) : [];
}

/** Videos that were opened from outside wait here until a window listens. */
export class OpenedFiles {
  readonly #projectOf: (path: string) => string | undefined;
  #waiting: string[] = [];
  #deliver: ((opened: Opened) => void) | undefined;

  /** `projectOf`: the project that a video is already, if it is one. */
  constructor(projectOf: (path: string) => string | undefined) {
    this.#projectOf = projectOf;
  }

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths);
    this.#flush();
  }

  /** From now on a window takes them; undefined: it is gone. */
  deliverTo(deliver: ((opened: Opened) => void) | undefined): void {
    this.#deliver = deliver;
    this.#flush();
  }

  #flush(): void {
    if (!this.#deliver) return;
    for (const path of this.#waiting.splice(0)) {
      const id = this.#projectOf(path);
      const size = sizeOf(path);
      if (id !== undefined) this.#deliver({ kind: 'project', id });
      else if (size !== undefined) this.#deliver({ kind: 'video', path, name: basename(path), size });
    }
  }
}

/** In bytes; undefined for what is no file. */
function sizeOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}
