import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../shared/contract/index.ts';

/** Files dropped on a browser window, streamed to disk under a token until an import or export takes them. */
export class Uploads {
  readonly #dir: string;
  readonly #files = new Map<string, { readonly file: string; readonly name: string }>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  async receive(request: IncomingMessage, name: string): Promise<string> {
    await mkdir(this.#dir, { recursive: true });
    const token = randomBytes(18).toString('base64url');
    const extension = /^\.[a-z0-9]{1,5}$/i.exec(path.extname(name))?.[0] ?? '';
    const file = path.join(this.#dir, `${token}${extension.toLowerCase()}`);
    try {
      await pipeline(request, createWriteStream(file, { flags: 'wx' }));
    } catch (cause) {
      await rm(file, { force: true });
      if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw new StudioError(
          { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space and drop the file again.' },
          { cause },
        );
      }
      throw cause;
    }
    this.#files.set(token, { file, name: path.basename(name) });
    return token;
  }

  path(token: string): string {
    const found = this.#files.get(token);
    if (!found)
      throw new StudioError({
        code: 'not-found',
        message: 'This upload is no longer there.',
        hint: 'Drop the file again.',
      });
    return found.file;
  }

  async discard(token: string): Promise<void> {
    const found = this.#files.get(token);
    this.#files.delete(token);
    if (found) await rm(found.file, { force: true });
  }

  /** Uploads belong to one run of the program: what an earlier one left is removed. */
  async clear(): Promise<void> {
    this.#files.clear();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
