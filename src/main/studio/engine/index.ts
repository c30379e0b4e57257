/** A finished avatar, ready to speak: the engine in a worker thread. Needs no Python and no network. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Control } from './bundle/index.ts';
import type { PortraitPicture, SpeedFigures } from './draw/index.ts';
import type { DubFrame, PlanarPicture } from './dub/index.ts';
import type { AvatarDescription, GraphChoice } from './engine.ts';
import type { Cancellation, Operation, Operations, Reply, WorkerSetup } from './protocol.ts';
import { type Hearing, SPEECH_RATE, type Spoken } from './speech/index.ts';
import { stuck, tooLarge, Watch } from './watch.ts';

export {
  type Control,
  controlOf,
  type MotionTrack,
  motionTrack,
  openBundle,
  readManifest,
  type Rig,
} from './bundle/index.ts';
export { type GraphName, type Picture, type PortraitPicture, portraitSize, type SpeedFigures } from './draw/index.ts';
export type { DubFrame } from './dub/index.ts';
export type { AvatarDescription } from './engine.ts';
export { tryAvatar } from './trial.ts';
export { NaturalMotion, rotationVector, rowBefore, StyleLeaning, withHeadTurn } from './manner/index.ts';
export {
  type Accents,
  apertures,
  MouthScaling,
  restingExpression,
  SPEECH_RATE,
  type Spoken,
  type Variation,
} from './speech/index.ts';

export interface AvatarOptions {
  /** Threads of ONNX Runtime; 2 by default. */
  readonly threads?: number;
  /** `auto` by default. */
  readonly graph?: GraphChoice;
}

export interface Avatar extends AvatarDescription {
  readonly threads: number;
  /** Spoken expressions [frames,64] at `fps` of mono 16 kHz sound; as many frames as the sound lasts by default. */
  motion(waveform16k: Float32Array, fps: number, frames?: number, hearing?: Hearing): Promise<Float32Array>;
  /**
   * As `motion`, with the pitch of each frame and the accents of the whole sound. The signal gives the work up: rejects
   * with its reason.
   */
  speak(waveform16k: Float32Array, fps: number, frames: number, hearing?: Hearing): Promise<Spoken>;
  /** The head crop alone: straight RGBA bytes [256,256,4]. */
  drawHead(control: Control): Promise<{ readonly rgba: Uint8Array }>;
  /** Head and shoulders over their background. `into`, a buffer of an earlier picture, is taken over and reused. */
  drawPortrait(
    control: Control,
    options: { readonly height: number; readonly into?: Uint8Array },
  ): Promise<PortraitPicture>;
  /** Puts the driven face into a source frame. The picture's buffer is taken over; the answer holds it again. */
  dub(frame: DubFrame): Promise<PlanarPicture>;
  /** Times whole frames, rasteriser and compositor included, for about `budgetMs`. */
  bench(options?: { readonly height?: number; readonly budgetMs?: number }): Promise<SpeedFigures>;
  close(): Promise<void>;
  /** It fell over or was stopped: whatever is asked of it is refused. */
  readonly ended: boolean;
}

const DEFAULT_THREADS = 2;
/** Of JavaScript's objects; networks and pictures come on top. An avatar of an hour's video takes half. */
const MOST_HEAP_MB = 2048;

/** Opens a `.likeness` file, checks it whole, and picks a graph. Raises StudioError('not-found' | 'bad-bundle'). */
export async function openAvatar(
  path: string,
  { threads = DEFAULT_THREADS, graph = 'auto' }: AvatarOptions = {},
): Promise<Avatar> {
  const setup: WorkerSetup = { path, threads, graph };
  // As written or as built, it lies beside this file and ends like it.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: setup,
    name: 'avatar',
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  const waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  const opening = Promise.withResolvers<AvatarDescription>();
  let ended: Error | undefined;
  let next = 0;

  let isOpen = false;
  const watch = new Watch(
    () => !isOpen || waiting.size > 0,
    () => {
      end(stuck());
      void worker.terminate(); // not waited for: a thread inside a network ends with that network's run
    },
  );

  function end(error: Error): void {
    watch.stop();
    ended ??= error;
    opening.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }
  worker.on('message', (message: Reply) => {
    watch.heard();
    switch (message.kind) {
      case 'beat':
        return;
      case 'opened':
        isOpen = true;
        return opening.resolve(message.description);
      case 'refused':
        return end(new StudioError(message.error));
      case 'answer':
        waiting.get(message.id)?.resolve(message.value);
        return waiting.delete(message.id);
      case 'failed':
        waiting.get(message.id)?.reject(new StudioError(message.error));
        return waiting.delete(message.id);
    }
  });
  worker.on('error', (cause: NodeJS.ErrnoException) =>
    end(
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? tooLarge(cause)
        : new StudioError(
            {
              code: 'internal',
              message: 'The avatar engine stopped.',
              hint: 'Open the avatar again.',
              detail: String(cause),
            },
            { cause },
          ),
    ),
  );
  worker.on('exit', () =>
    end(
      new StudioError({
        code: 'internal',
        message: 'The avatar engine has been closed.',
        hint: 'Open the avatar again.',
      }),
    ),
  );

  function ask<Name extends Operation>(
    operation: Name,
    argument: Operations[Name][0],
    transfer: ArrayBuffer[] = [],
    signal?: AbortSignal,
  ): Promise<Operations[Name][1]> {
    if (ended) return Promise.reject(ended);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = next++;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, operation, argument }, transfer);
    if (!signal) return promise as Promise<Operations[Name][1]>;
    const giveUp = (): void => {
      waiting.delete(id);
      worker.postMessage({ operation: 'cancel', id } satisfies Cancellation);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    return (promise as Promise<Operations[Name][1]>).finally(() => signal.removeEventListener('abort', giveUp));
  }

  const description = await opening.promise.catch(async (error: Error) => {
    void worker.terminate();
    throw error;
  });
  // Once: a thread that is ended while its networks are let go a second time takes the whole process with it.
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    if (ended) return;
    await ask('close', null);
    await worker.terminate();
  };
  const speak = (
    waveform: Float32Array,
    fps: number,
    frames: number,
    { variation, signal }: Hearing = {},
  ): Promise<Spoken> => ask('speak', { waveform, fps, frames, variation }, [], signal);
  return {
    ...description,
    threads,
    get ended() {
      return ended !== undefined;
    },
    motion: async (waveform, fps, frames = Math.max(1, Math.round((waveform.length / SPEECH_RATE) * fps)), hearing) =>
      (await speak(waveform, fps, frames, hearing)).expression,
    speak,
    drawHead: async (control) => ({ rgba: await ask('drawHead', { control: detached(control) }) }),
    drawPortrait: (control, { height, into }) =>
      ask(
        'drawPortrait',
        { control: detached(control), height, ...(into ? { into } : {}) },
        into ? [into.buffer as ArrayBuffer] : [],
      ),
    dub: (frame) =>
      ask('dub', { ...frame, driven: detached(frame.driven), source: detached(frame.source) }, [
        frame.picture.planes.buffer as ArrayBuffer,
      ]),
    bench: ({ height = 360, budgetMs = 3000 } = {}) => ask('measure', { height, budgetMs }),
    close: () => (closing ??= close()),
  };
}

/** Views into a whole track would send the whole track along. */
function detached(control: Control): Control {
  return {
    expression: control.expression.slice(),
    gaze: control.gaze.slice(),
    rotation: control.rotation.slice(),
    translation: control.translation.slice(),
    crop: control.crop.slice(),
    torso: control.torso.slice(),
  };
}
