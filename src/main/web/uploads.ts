import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../shared/contract/index.ts';
import { knownError } from '../../shared/domain/system-error.ts';
import { makeFolder } from '../studio/studio.ts';

/** What may wait to be used: more than anybody drops at once, less than what fills a disk unseen. */
export interface Quota {
  readonly files: number;
  readonly bytes: number;
}
const QUOTA: Quota = { files: 100, bytes: 64 * 2 ** 30 };
/** Nobody comes back to what was dropped so long ago. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

interface Upload {
  readonly file: string;
  readonly name: string;
  readonly since: number;
  bytes: number;
}

/** Files dropped on a browser window, streamed to disk under a token until an import or export takes them. */
export class Uploads {
  readonly #dir: string;
  readonly #quota: Quota;
  /** Those on their way too; a window knows the token of a whole one only. */
  readonly #files = new Map<string, Upload>();

  constructor(dir: string, quota: Quota = QUOTA) {
    this.#dir = dir;
    this.#quota = quota;
  }

  /** Raises StudioError('disk-full' | 'busy'), and leaves nothing behind then. */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    await this.#forgetOld();
    if (this.#files.size >= this.#quota.files) throw tooMuch();
    const token = randomBytes(18).toString('base64url');
    const extension = /^\.[a-z0-9]{1,5}$/i.exec(path.extname(name))?.[0] ?? '';
    const file = path.join(this.#dir, `${token}${extension.toLowerCase()}`);
    const upload = { file, name: path.basename(name), since: performance.now(), bytes: 0 };
    this.#files.set(token, upload);
    try {
      makeFolder(this.#dir, 0o700); // nobody else on this computer is to look into it
      await pipeline(request, this.#counted(upload), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    } catch (cause) {
      await this.discard(token);
      throw knownError(cause) ?? cause;
    }
    return token;
  }

  /** Passes on what comes, as long as there is room for it beside the others. */
  #counted(upload: Upload): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        upload.bytes += chunk.length;
        const all = [...this.#files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
        done(all > this.#quota.bytes ? tooMuch() : null, chunk);
      },
    });
  }

  async #forgetOld(): Promise<void> {
    for (const [token, { since }] of this.#files)
      if (performance.now() - since > FORGOTTEN_MS) await this.discard(token);
  }

  path(token: string): string {
    const found = this.#files.get(token);
    if (!found)
      throw new StudioError({
        code: 'not-found',
        message: 'This upload is no longer there.',
        hint: 'Hand the file over again.',
      });
    return found.file;
  }

  async discard(token: string): Promise<void> {
    const found = this.#files.get(token);
    this.#files.delete(token);
    if (found) await rm(found.file, { force: true });
  }

  /** Uploads belong to one run of the program. */
  async clear(): Promise<void> {
    this.#files.clear();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function tooMuch(): StudioError {
  return new StudioError({
    code: 'busy',
    message: 'Too much has been dropped here that is not used yet.',
    hint: 'Wait until it is, or start Likeness again.',
  });
}
