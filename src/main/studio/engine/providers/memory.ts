import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, hostname, platform } from 'node:os';
import { z } from 'zod';
import { NetworkProvider, Provider } from '../../../../shared/contract/providers.ts';

const Computer = z.object({
  networks: z.array(NetworkProvider),
  /** Which provider is being tried, by which process, and in which start of the program. */
  trying: z.object({ provider: Provider, pid: z.int().min(1), run: z.string().default('') }).nullable(),
  /** Those that once ended the program. */
  ended: z.array(Provider),
});
type Computer = z.infer<typeof Computer>;
const Remembered = z.object({
  format: z.literal('likeness.providers'),
  version: z.literal(1),
  computers: z.record(z.string(), Computer),
});

const NOTHING: Computer = { networks: [], trying: null, ended: [] };

/**
 * What was found out about providers on this computer, in a file that computers may share. One that brings the whole
 * program down is known by what was written before it was tried: where that cannot be written, nothing is tried. A file
 * that cannot be read counts as none: everything in it can be found out again.
 */
export class ProviderMemory {
  readonly #path: string;
  readonly #computer: string;

  /** `version` of ONNX Runtime; another one, or another offer, is tried anew. */
  constructor(path: string, version: string, offered: readonly Provider[], computer = thisComputer()) {
    this.#path = path;
    this.#computer = [computer, `onnxruntime ${version}`, offered.join('+')].join(', ');
  }

  async networks(): Promise<readonly NetworkProvider[]> {
    return (await this.#read()).networks;
  }

  /** What takes the place of what was known of networks of this name and size. */
  async remember(found: NetworkProvider): Promise<void> {
    await this.#change((known) => ({
      ...known,
      networks: [...known.networks.filter((one) => !isAlike(one, found)), found],
    }));
  }

  /**
   * Does something with a provider that may end the program, in its start `run`. Nothing is done, and said why, where
   * it once did, and where another process is at it or nobody would know which provider it was.
   */
  async during<T>(
    { provider, run }: { readonly provider: Provider; readonly run: string },
    work: () => Promise<T>,
  ): Promise<T | { readonly ended: boolean }> {
    const { trying, ended } = await this.#read();
    if (ended.includes(provider)) return { ended: true };
    if (trying && trying.run !== run) {
      // in a container every start has the same number
      if (trying.pid !== process.pid && isAlive(trying.pid)) return { ended: false };
      const isKnown = await this.#change((known) => ({
        ...known,
        trying: null,
        ended: [...new Set([...known.ended, trying.provider])],
      }));
      return isKnown ? this.during({ provider, run }, work) : { ended: false };
    }
    const isKnown = await this.#change((known) => ({ ...known, trying: { provider, pid: process.pid, run } }));
    if (!isKnown) return { ended: false };
    try {
      return await work();
    } finally {
      await this.#change((known) => ({ ...known, trying: null }));
    }
  }

  async #read(): Promise<Computer> {
    return (await this.#readAll())[this.#computer] ?? NOTHING;
  }

  async #readAll(): Promise<Record<string, Computer>> {
    try {
      return Remembered.parse(JSON.parse(await readFile(this.#path, 'utf8'))).computers;
    } catch {
      return {};
    }
  }

  /** False where it cannot be written. */
  async #change(change: (known: Computer) => Computer): Promise<boolean> {
    const computers = await this.#readAll();
    const changed = { ...computers, [this.#computer]: change(computers[this.#computer] ?? NOTHING) };
    const document: z.infer<typeof Remembered> = { format: 'likeness.providers', version: 1, computers: changed };
    const partial = `${this.#path}.${randomUUID()}.partial`;
    try {
      await writeFile(partial, `${JSON.stringify(document, null, 2)}\n`);
      await rename(partial, this.#path);
      return true;
    } catch {
      await rm(partial, { force: true }).catch(() => undefined);
      return false;
    }
  }
}

export function isAlike(
  a: Pick<NetworkProvider, 'file' | 'bytes'>,
  b: Pick<NetworkProvider, 'file' | 'bytes'>,
): boolean {
  return a.file === b.file && a.bytes === b.bytes;
}

function thisComputer(): string {
  return [hostname(), platform(), arch(), cpus()[0]?.model.trim() ?? ''].join(', ');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
