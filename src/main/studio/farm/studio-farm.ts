import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from '../../../../setup/index.mjs';
import type { StudioAvatars } from '../avatars/studio-avatars.ts';
import type { Base } from '../ground/base.ts';
import { identityOf } from '../ground/process-identity.ts';
import { endTree, type JobHandle } from '../jobs/index.ts';
import { sha256Of } from '../library/index.ts';
import { FarmFilms } from './farm-films.ts';
import type { FarmStatus, Made, Order } from '../../../shared/contract/farm.ts';
import { answersOf, type Ray, ray, startRay } from './ray.ts';
import { joinHead, type Offer, ownAddress, type RayNode, startHead } from './ray-node.ts';
import { keepHead, keepToken, ownToken, runningHead } from './token.ts';

interface Asking {
  readonly signal: AbortSignal;
  /** A line for the person: what is fetched. */
  readonly say: (line: string) => void;
}

export interface Joining extends Asking {
  /** At a time. */
  readonly films: number;
  /** The words that start this program, without a library. */
  readonly program: readonly string[];
}

/** Several computers that make films together. One needs none of it. */
export class StudioFarm {
  readonly #base: Base;
  readonly #avatars: StudioAvatars;

  constructor(base: Base, avatars: StudioAvatars) {
    this.#base = base;
    this.#avatars = avatars;
  }

  /** The first computer of a farm, until the node is closed. Raises StudioError('missing-tool' | 'cancelled'). */
  async start(port: number, joining: Joining): Promise<RayNode & { readonly token: string }> {
    const { root } = this.#base.library.paths;
    const token = ownToken(root);
    const node = await startHead(await this.#ray(token, joining), this.#offer(joining), { host: ownAddress(), port });
    keepHead(root, node.address, node.pid);
    return { ...node, token };
  }

  /** Makes films for another one's farm, until the node is closed. Raises as `start` does, and 'bad-request'. */
  async join(address: string, token: string, joining: Joining): Promise<RayNode> {
    const path = keepToken(this.#base.library.paths.root, token);
    return joinHead(await this.#ray(path, joining), this.#offer(joining), address);
  }

  /** Raises StudioError('not-found') where no farm runs on this computer, and as `start` does. */
  async status(asking: Asking): Promise<FarmStatus> {
    const { address } = runningHead(this.#base.library.paths.root);
    const found = await this.#ray(ownToken(this.#base.library.paths.root), asking);
    const child = startRay(found, found.python, ['-m', 'likeness_farm', 'status', address]);
    const leave = (): void => void (child.pid !== undefined && endTree(child.pid));
    asking.signal.addEventListener('abort', leave, { once: true });
    try {
      for await (const answer of answersOf(child)) if (answer.type === 'computers') return { address, ...answer };
      return { address, computers: [] };
    } catch (error) {
      asking.signal.throwIfAborted();
      throw error;
    } finally {
      asking.signal.removeEventListener('abort', leave);
    }
  }

  /** Films on the farm of this computer. Raises StudioError('not-found' | 'missing-tool'). */
  async films(asking: Asking): Promise<FarmFilms> {
    const { root } = this.#base.library.paths;
    const { address } = runningHead(root);
    return new FarmFilms(await this.#ray(ownToken(root), asking), address);
  }

  /** What a computer of the farm does for a film that it was given, in a library of the farm's own. */
  async make(
    { files, folder, name, look, speech, madeOf }: Order,
    signal: AbortSignal,
    follow: <Result>(job: JobHandle<Result>) => Promise<Result>,
  ): Promise<Made> {
    const project = await this.#takenIn(files.avatar, signal);
    const behind = files.background;
    const background = behind === undefined ? look.background : ({ kind: 'file', path: behind } as const);
    const { sound: path, times } = files;
    const sound = { kind: 'path', path, ...(times === undefined ? {} : { times }) } as const;
    const outPath = join(folder, name);
    // It is signed by who asked for it, once it is back: the farm's own library would make a certificate for nothing.
    const wish = { sound, speech, ...look, background, outPath, madeOf, credentials: false };
    const { frames, seconds } = await follow(this.#avatars.exportVideo(project, wish));
    return { frames, seconds };
  }

  /** The project of an avatar, which is taken in once, whoever else asks for it. */
  async #takenIn(avatar: string, signal: AbortSignal): Promise<string> {
    const { paths, projects } = this.#base.library;
    const hash = await sha256Of(avatar);
    const known = (): string | undefined => projects.list().find(({ name }) => name === hash)?.id;
    return oneAtATime(
      join(paths.root, 'taking-in.lock'),
      async () => known() ?? (await this.#avatars.importBundle(avatar, hash)).projectId,
      { signal, onWait: () => undefined },
    );
  }

  #ray(token: string, asking: Asking): Promise<Ray> {
    return ray(this.#base.installation, token, asking);
  }

  /** What it is sent lies in a store of its own; one that was killed left its store behind. */
  #offer({ films, program, signal }: Joining): Offer {
    const folder = join(this.#base.library.paths.root, 'farm');
    for (const name of readdirSync(folder)) {
      const [, pid] = /^computer-(\d+)$/.exec(name) ?? [];
      if (pid !== undefined && identityOf(Number(pid)) === null)
        rmSync(join(folder, name), { recursive: true, force: true });
    }
    const store = join(folder, `computer-${process.pid}`);
    return { films, store, signal, program: [...program, '--library', join(store, 'library')] };
  }
}
