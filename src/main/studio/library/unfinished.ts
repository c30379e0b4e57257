import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../ground/make-folder.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import { identityOf, isAlive } from '../ground/process-identity.ts';

/** Which process is writing, and under which passing names. */
const Note = z.object({ owner: z.string(), partials: z.array(z.string()) });

/**
 * Remembers what is being written under a passing name (`….partial`), wherever it is to lie, so that the next start can
 * remove what a killed program left.
 */
export class Unfinished {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async during<T>(partials: readonly string[], work: () => Promise<T>): Promise<T> {
    const forget = this.remember(partials);
    try {
      return await work();
    } finally {
      forget();
    }
  }

  /** Until the function that it answers is called. */
  remember(partials: readonly string[]): () => void {
    const note = join(this.#folder, `${randomUUID()}.json`);
    const owner = (self ??= identityOf(process.pid) ?? '');
    try {
      makeFolder(this.#folder);
      writeFileSync(note, JSON.stringify({ owner, partials }));
    } catch {
      // A full disk: the work itself says so.
    }
    return () => rmSync(note, { force: true });
  }

  /** Removes what dead processes left. Nothing but passing names is touched, whatever a note says. */
  sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      const note = noteOf(file);
      if (note && isAlive(note.owner)) continue;
      for (const path of note?.partials ?? [])
        if (isAbsolute(path) && basename(path).endsWith('.partial')) rmSync(path, { recursive: true, force: true });
      rmSync(file, { force: true });
    }
  }
}

/** This process, asked for once: some systems start a program to tell. */
let self: string | undefined;

function noteOf(file: string): z.infer<typeof Note> | undefined {
  try {
    return Note.parse(JSON.parse(readPlainFile(file).toString()));
  } catch {
    return undefined; // a crash cut it short, before there was anything else
  }
}
