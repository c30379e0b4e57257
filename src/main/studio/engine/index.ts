/** A finished avatar, ready to speak: the engine in worker threads. Needs no Python and no network. */
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { HeardWith, HubertUse } from '../../../shared/contract/index.ts';
import { type Control, controlOf, readManifest } from './bundle/index.ts';
import { type PortraitPicture, type PortraitWish, type SpeedFigures, timed } from './draw/index.ts';
import { type DubFrame, newFilm, type PlanarPicture } from './dub/index.ts';
import type { AvatarDescription, GraphChoice } from './description.ts';
import type { Networks } from './providers/index.ts';
import { type Hearing, SPEECH_RATE, type Spoken } from './speech/index.ts';
import { EngineThread } from './thread.ts';

export {
  type Control,
  controlOf,
  type MotionTrack,
  motionTrack,
  openBundle,
  readManifest,
  type Rig,
} from './bundle/index.ts';
export { forbiddenIn } from './bundle/index.ts';
export {
  type Behind,
  type Frame,
  Framing,
  type GraphName,
  type Picture,
  type PortraitFormat,
  type PortraitPicture,
  type PortraitWish,
  portraitSize,
  type SpeedFigures,
} from './draw/index.ts';
export type { DubFrame } from './dub/index.ts';
export type { AvatarDescription } from './description.ts';
export { type Networks, offerHere, ProviderMemory } from './providers/index.ts';
export { tryAvatar } from './trial.ts';
export {
  blinkHabits,
  type BlinkHabits,
  BlinkMoments,
  NaturalMotion,
  type Looking,
  rotationVector,
  rowBefore,
  shutAt,
  StyleLeaning,
  withHeadTurn,
} from './manner/index.ts';
export {
  broughtInto,
  type Extent,
  extentOf,
  FACE_MEASURES,
  type FaceMeasure,
  type FaceShares,
  type FilmedPerson,
  filmedPerson,
  headAngles,
  laneOf,
  type LiveDoing,
  LivePerson,
  type Movement,
  movementAt,
  placed,
  type Placed,
  type PlaceLane,
  type Reach,
  type Reaching,
  reachOf,
  softlyInto,
} from './reach/index.ts';
export { readRanges } from './ranges.ts';
export { OneEuro, type Steadiness } from './numbers/one-euro.ts';
export { SeededRandom } from './numbers/random.ts';
export { PatternLayer } from './pattern-layer.ts';
export {
  type Accents,
  apertures,
  isLively,
  LATENT_SECONDS,
  MouthScaling,
  restingExpression,
  type Span,
  SPEECH_RATE,
  type Spoken,
  type Variation,
} from './speech/index.ts';

export interface AvatarOptions {
  /** Threads of ONNX Runtime, and for the closed form threads that draw; 2 by default. */
  readonly threads?: number;
  /** `auto` by default. */
  readonly graph?: GraphChoice;
  /** What its networks run on; the processor by default. */
  readonly networks?: Networks | undefined;
  /** Finds the HuBERT that an avatar was trained with; without it the embedded encoder is heard. */
  readonly hubert?: FindHubert | undefined;
}

/** The file of the graph that is wanted, or why there is none, in words for a person. */
export type FindHubert = (wanted: HubertUse) => Promise<{ readonly graph: string } | { readonly notice: string }>;

export interface Avatar extends AvatarDescription {
  readonly threads: number;
  /** What it hears with, but for sound that is still coming in. */
  readonly heardWith: HeardWith;
  /** Pictures that are drawn at the same time; more only wait. A film's frames may be asked for ahead, in order. */
  readonly atOnce: number;
  /** Spoken expressions [frames,64] at `fps` of mono 16 kHz sound; as many frames as the sound lasts by default. */
  motion(waveform16k: Float32Array, fps: number, frames?: number, hearing?: Hearing): Promise<Float32Array>;
  /**
   * As `motion`, with the pitch of each frame and the accents of the whole sound. The signal gives the work up: rejects
   * with its reason.
   */
  speak(waveform16k: Float32Array, fps: number, frames: number, hearing?: Hearing): Promise<Spoken>;
  /** Hears sound that is still coming in. Raises StudioError('bad-bundle') for an avatar that cannot. */
  listen(): Promise<Ear>;
  /** The head crop alone: straight RGBA bytes [256,256,4]. */
  drawHead(control: Control): Promise<{ readonly rgba: Uint8Array }>;
  /** Head and shoulders over their background. The buffer `into` is taken over. */
  drawPortrait(control: Control, wish: PortraitWish): Promise<PortraitPicture>;
  /** Puts the driven face into a source frame. The picture's buffer is taken over; the answer holds it again. */
  dub(frame: DubFrame): Promise<PlanarPicture>;
  /** Times whole frames, rasteriser and compositor included, for about `budgetMs`. */
  bench(options?: { readonly height?: number; readonly budgetMs?: number }): Promise<SpeedFigures>;
  close(): Promise<void>;
  /** It fell over or was stopped: whatever is asked of it is refused. */
  readonly ended: boolean;
}

/** One sound that is coming in. */
export interface Ear {
  /**
   * Takes more of it in (mono, 16 kHz, -1..1, any amount) and gives the spoken expressions [n,64] that are known now,
   * 100 a second, each once, in order. The samples are taken over.
   */
  hear(samples: Float32Array): Promise<Float32Array>;
  close(): void;
}

const DEFAULT_THREADS = 2;

/** Opens a `.likeness` file, checks it whole, and picks a graph. Raises StudioError('not-found' | 'bad-bundle'). */
export async function openAvatar(
  path: string,
  { threads = DEFAULT_THREADS, graph = 'auto', networks, hubert: find }: AvatarOptions = {},
): Promise<Avatar> {
  const film = newFilm();
  const wanted = find && (await readManifest(path)).speech.hubert;
  const found = wanted && (await find(wanted));
  const hubert = found && 'graph' in found ? found.graph : undefined;
  const heardWith: HeardWith = {
    encoder: hubert === undefined ? 'embedded' : 'hubert',
    notice: found && 'notice' in found ? found.notice : null,
  };
  const engine = new EngineThread('worker', { path, threads, graph, networks, hubert, film }, (error) => {
    for (const drawer of beside) drawer.stop(error);
  });
  let beside: readonly EngineThread[] = [];
  const { description, lends } = (await engine.opened.catch(async (error: Error) => {
    void engine.terminate();
    throw error;
  }))!;
  // A network has threads of its own. One of these that does not come is done without.
  const most = lends ? Math.min(threads, availableParallelism()) - 1 : 0;
  beside = Array.from({ length: most }, () => {
    const { port1, port2 } = new MessageChannel();
    engine.ask('lend', port1, [port1]).catch(() => undefined); // then it has ended, and with it the other thread
    return new EngineThread('drawing-worker', { film, lent: port2 }, (error, wasOpen) => {
      if (wasOpen) engine.stop(error); // a film's other frames would wait for its
    });
  });
  const drawers = (): EngineThread[] => [engine, ...beside.filter(({ isOpen }) => isOpen)];
  const idlest = (): EngineThread => drawers().reduce((least, drawer) => (drawer.load < least.load ? drawer : least));
  let dubbed = 0;
  let ears = 0;
  // Once: a thread that is ended while its networks are let go a second time takes the whole process with it.
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    if (engine.ended) return;
    await Promise.all(drawers().map((drawer) => drawer.ask('close', null)));
    await Promise.all([engine, ...beside].map((drawer) => drawer.terminate()));
  };
  const speak = (
    waveform: Float32Array,
    fps: number,
    frames: number,
    { signal, ...hearing }: Hearing = {},
  ): Promise<Spoken> => engine.ask('speak', { waveform, fps, frames, ...hearing }, [], signal);
  const drawPortrait: Avatar['drawPortrait'] = (control, wish) =>
    idlest().ask(
      'drawPortrait',
      { control: detached(control), ...wish },
      wish.into ? [wish.into.buffer as ArrayBuffer] : [],
    );
  return {
    ...description,
    threads,
    heardWith,
    get ended() {
      return engine.ended !== undefined;
    },
    get atOnce() {
      return drawers().length;
    },
    motion: async (waveform, fps, frames = Math.max(1, Math.round((waveform.length / SPEECH_RATE) * fps)), hearing) =>
      (await speak(waveform, fps, frames, hearing)).expression,
    speak,
    listen: async () => {
      const ear = ears++;
      await engine.ask('listen', { ear });
      return {
        hear: (samples) => engine.ask('hear', { ear, samples }, [samples.buffer as ArrayBuffer]),
        close: () => void engine.ask('hush', { ear }).catch(() => undefined), // with the engine its ears are gone too
      };
    },
    drawHead: async (control) => ({ rgba: await engine.ask('drawHead', { control: detached(control) }) }),
    drawPortrait,
    dub: (asked) => {
      const frame = { ...asked, driven: detached(asked.driven), source: detached(asked.source) };
      const answer = idlest().ask('dub', { frame, number: dubbed }, [frame.picture.planes.buffer as ArrayBuffer]);
      dubbed += 1; // not where asking raised: the next frame would wait for one that nobody has
      return answer;
    },
    bench: async ({ height = 360, budgetMs = 3000 } = {}) => {
      await Promise.allSettled(beside.map(({ opened }) => opened));
      const { idle, graph: model } = description;
      return timed({ model, height, budgetMs, atOnce: drawers().length }, (frame, into) =>
        drawPortrait(controlOf(idle, frame % idle.frames), { height, into }),
      );
    },
    close: () => (closing ??= close()),
  };
}

/** Views into a whole track would send the whole track along. */
function detached(control: Control): Control {
  return {
    expression: control.expression.slice(),
    gaze: control.gaze.slice(),
    ...(control.filmedGaze ? { filmedGaze: control.filmedGaze.slice() } : {}),
    rotation: control.rotation.slice(),
    translation: control.translation.slice(),
    crop: control.crop.slice(),
    torso: control.torso.slice(),
    ...(control.light ? { light: control.light } : {}),
    ...(control.sway ? { sway: control.sway.slice() } : {}),
  };
}
