/** How fast an avatar hears, on one thread: a sound that is there whole, and one that is still coming in. */
import { openBundle, readRig } from '../main/studio/engine/bundle/index.ts';
import { LIVE_FILE, LiveDrive, SpeechDrive } from '../main/studio/engine/speech/index.ts';
import { type Spread, spreadOf } from '../main/studio/engine/numbers/spread.ts';

export interface SpeechSpeed {
  /** Of a sound that is there whole, in times real time; the models' opening counts. */
  readonly xRealtime: number;
  /** By the processor time that it takes: what a core of its own would give, however busy the computer is. */
  readonly coreXRealtime: number;
  /** Null: the avatar was made before live sound could drive one. */
  readonly live: LiveSpeechSpeed | null;
}

export interface LiveSpeechSpeed {
  /** For 40 ms of sound. */
  readonly stepMs: Spread;
  readonly xRealtime: number;
  /** As above: the mean of a step. */
  readonly stepCoreMs: number;
  /** Of the whole process, after so much sound. */
  readonly memory: { readonly minutes: number; readonly residentMb: number }[];
}

export interface SpeechSpeedRequest {
  readonly avatarPath: string;
  /** Speech, mono at 16 kHz; said again and again. */
  readonly samples: Float32Array;
  /** How long live sound is timed, if `liveMinutes` does not say it. */
  readonly seconds: number;
  /** So much live sound, faster than it would be heard. */
  readonly liveMinutes?: number | undefined;
}

const RATE = 16_000;
const PUSH_SAMPLES = 640;
const WHOLE_SECONDS = 60;
const THREADS = 1;
/** When memory is looked at: a first minute is for what every start takes. */
const MARKS = [1, 10, 30, 60] as const;

/** Raises StudioError('bad-bundle') and the signal's reason. */
export async function speechSpeed(
  { avatarPath, samples, seconds, liveMinutes }: SpeechSpeedRequest,
  signal?: AbortSignal,
): Promise<SpeechSpeed> {
  const bundle = await openBundle(avatarPath);
  const rig = readRig(bundle);
  const whole = repeated(samples, WHOLE_SECONDS * RATE);
  const { fps } = bundle.manifest.source;
  const begin = performance.now();
  const coreBegin = coreMs();
  await new SpeechDrive(bundle, rig, THREADS).drive(whole, fps, Math.floor(WHOLE_SECONDS * fps), { signal });
  const coreXRealtime = (WHOLE_SECONDS * 1000) / (coreMs() - coreBegin);
  const xRealtime = (WHOLE_SECONDS * 1000) / (performance.now() - begin);
  if (!bundle.files.has(LIVE_FILE)) return { xRealtime, coreXRealtime, live: null };
  const drive = await LiveDrive.open(bundle, rig, THREADS);
  try {
    return {
      xRealtime,
      coreXRealtime,
      live: await live(
        drive,
        samples,
        liveMinutes === undefined
          ? { wallMs: seconds * 1000 }
          : { pushes: Math.ceil((liveMinutes * 60 * RATE) / PUSH_SAMPLES) },
        signal,
      ),
    };
  } finally {
    await drive.close();
  }
}

async function live(
  drive: LiveDrive,
  samples: Float32Array,
  until: { readonly wallMs?: number; readonly pushes?: number },
  signal?: AbortSignal,
): Promise<LiveSpeechSpeed> {
  const { wallMs = Infinity, pushes = Infinity } = until;
  const times = new Reservoir();
  const memory: { minutes: number; residentMb: number }[] = [];
  const begin = performance.now();
  const coreBegin = coreMs();
  // every push is a part of it: cutting it is not what is timed
  const loop = repeated(samples, samples.length + PUSH_SAMPLES);
  let [pushed, steps] = [0, 0];
  for (let at = begin; pushed < pushes && at - begin < wallMs; pushed++) {
    signal?.throwIfAborted();
    const first = (pushed * PUSH_SAMPLES) % samples.length;
    const rows = await drive.push(loop.subarray(first, first + PUSH_SAMPLES));
    const now = performance.now();
    if (rows.length > 0) {
      times.add(now - at);
      steps += 1;
    }
    at = now;
    const minutes = ((pushed + 1) * PUSH_SAMPLES) / RATE / 60;
    if (MARKS.some((mark) => mark === minutes))
      memory.push({ minutes, residentMb: process.memoryUsage.rss() / 2 ** 20 });
  }
  const heard = (pushed * PUSH_SAMPLES) / RATE;
  return {
    stepMs: times.figures(),
    stepCoreMs: steps === 0 ? 0 : (coreMs() - coreBegin) / steps,
    xRealtime: heard / ((performance.now() - begin) / 1000),
    memory,
  };
}

/** Processor time of this process. */
function coreMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A sound said again and again. */
function repeated(samples: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => samples[i % samples.length]!);
}

/** Of however many times, an even choice of at most so many: the measuring must not take memory itself. */
class Reservoir {
  static readonly #MOST = 4096;
  readonly #kept: number[] = [];
  #every = 1;
  #seen = 0;

  add(time: number): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#kept.push(time);
    if (this.#kept.length < Reservoir.#MOST) return;
    for (let i = 0; i < this.#kept.length / 2; i++) this.#kept[i] = this.#kept[2 * i]!;
    this.#kept.length /= 2;
    this.#every *= 2;
  }

  figures(): Spread {
    return spreadOf(this.#kept);
  }
}
