import { type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { endTree } from '../jobs/index.ts';
import { type Ray, rayProgram, startRay } from './ray.ts';

export interface RayNode {
  readonly pid: number;
  /** Of the farm, "host:port". */
  readonly address: string;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface Offer {
  /** At a time. */
  readonly films: number;
  /** The words that start this computer's program, on a library of the farm's own in `store`. */
  readonly program: readonly string[];
  readonly store: string;
  /** Gives up what has not begun yet. */
  readonly signal: AbortSignal;
}

/** Ray asks itself this often for its first sign of life. */
const LOOK_MS = 200;
const ENDS_SOON_MS = 8000;

/** This computer becomes the first of a farm; `host` is how others reach it. Raises as `joinHead` does. */
export function startHead(ray: Ray, offer: Offer, { host, port }: { readonly host: string; readonly port: number }) {
  const scratch = mkdtempSync(join(tmpdir(), 'lk-')); // short: the paths of its sockets are
  const words = ['--head', '--node-ip-address', host, '--port', String(port), '--include-dashboard', 'false'];
  return begin(ray, offer, `${host}:${port}`, [...words, '--temp-dir', scratch], scratch);
}

/** This computer joins a farm. Raises StudioError('missing-tool'), or the signal's reason. */
export function joinHead(ray: Ray, offer: Offer, address: string): Promise<RayNode> {
  return begin(ray, offer, address, ['--address', address], null);
}

/** The address by which others reach this computer, else its own. */
export function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

async function begin(
  ray: Ray,
  { films, program, store, signal }: Offer,
  address: string,
  where: readonly string[],
  scratch: string | null,
): Promise<RayNode> {
  const offer = ['--num-cpus', String(films), '--resources', JSON.stringify({ likeness: films })];
  const child = startRay(
    ray,
    rayProgram(ray),
    ['start', '--block', '--disable-usage-stats', '--log-style', 'record', ...where, ...offer],
    { LIKENESS_FARM_PROGRAM: JSON.stringify(program), LIKENESS_FARM_STORE: store },
  );
  let said = '';
  const listen = (text: Buffer): void => void (said = `${said}${String(text)}`.slice(-8000));
  child.stdout!.on('data', listen);
  child.stderr!.on('data', listen);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
    child.once('exit', () => resolve());
  }).then(() => void (over = true));
  const close = async (): Promise<void> => {
    await endGently(child, ended);
    for (const folder of [store, ...(scratch ? [scratch] : [])])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  while (!/Ray runtime started/.test(said)) {
    if (over || signal.aborted) {
      await close();
      signal.throwIfAborted();
      throw new StudioError({
        code: 'missing-tool',
        message: 'Ray did not start.',
        hint: 'See that the address is right, its port is free, and both computers have the same version and token.',
        detail: said.trim(),
      });
    }
    await Promise.race([ended, delay(LOOK_MS)]);
  }
  return { pid: child.pid!, address, ended, close };
}

/** Asked first, so that it takes its leave of the farm; then whatever is left of it. */
async function endGently(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  await Promise.race([ended, delay(ENDS_SOON_MS, undefined, { ref: false })]);
  if (child.pid !== undefined) await endTree(child.pid);
}
