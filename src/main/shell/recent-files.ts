import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from './write-whole.ts';

const RecentFile = z.object({ path: z.string(), projectId: z.string() });
export type RecentFile = z.infer<typeof RecentFile>;

const KEPT = 10;

/** The videos that were imported last, the newest first, kept in a file of the user's. */
export class RecentFiles {
  readonly #file: string;
  readonly #onChange: () => void;
  #files: readonly RecentFile[];

  constructor(file: string, onChange: () => void = () => undefined) {
    this.#file = file;
    this.#onChange = onChange;
    this.#files = read(file);
  }

  list(): readonly RecentFile[] {
    return this.#files;
  }

  projectOf(path: string): string | undefined {
    return this.#files.find((one) => one.path === path)?.projectId;
  }

  add(file: RecentFile): void {
    this.#set([file, ...this.#files.filter(({ path }) => path !== file.path)].slice(0, KEPT));
  }

  forget(path: string): void {
    this.#set(this.#files.filter((one) => one.path !== path));
  }

  clear(): void {
    this.#set([]);
  }

  #set(files: readonly RecentFile[]): void {
    this.#files = files;
    try {
      writeWhole(this.#file, JSON.stringify(files));
    } catch {
      // A full disk: the list is kept until the program ends.
    }
    this.#onChange();
  }
}

function read(file: string): readonly RecentFile[] {
  try {
    return z
      .array(RecentFile)
      .parse(JSON.parse(readFileSync(file, 'utf8')))
      .slice(0, KEPT);
  } catch {
    return []; // none yet, or damaged
  }
}
