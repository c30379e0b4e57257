import { cornersOf, isPlain, mayBeTooLoud, softened } from '../../../../shared/domain/loudness.ts';
import type { SoundClip, SoundId } from '../../../../shared/domain/take.ts';
import type { z } from 'zod';
import { Listeners } from '../../../ground/store.ts';
import { type ClipStart, clipStarts } from './clip-starts.ts';
import { lapsUntil, type Course } from './lap.ts';
import type { PlayedSound } from './transport.ts';

type Id = z.infer<typeof SoundId>;

/** Ahead of what is heard, so that the audio thread never waits for us, seconds. */
const LEAD = 0.03;
/** So far ahead the next lap of a loop is given to the audio thread; a background tab wakes us once a second. */
const HORIZON = 2.5;
const SCHEDULE_MS = 250;
/** Fades where sound is cut, seconds: no clicks, and too short to be heard. */
const FADE = 0.008;
/** How much is heard of a moment that is only touched, seconds: enough to tell a vowel. */
const TOUCH = 0.09;
/** As far as sums are bent below full scale: of four clips at 12 dB at once; and the points of that curve. */
const LOUDEST = 16;
const BEND_POINTS = 8193;

/** The sounds of a take on one AudioContext, whose clock the picture follows. */
export class TakeSound implements PlayedSound {
  readonly #fetch: (id: Id) => Promise<ArrayBuffer>;
  readonly #failed: (id: Id, error: unknown) => void;
  readonly #buffers = new Map<Id, AudioBuffer | Promise<void> | 'failed'>();
  readonly #readiness = new Listeners();
  #context: AudioContext | undefined;
  #clips: readonly SoundClip[] = [];
  #playing: { readonly course: Course; readonly bus: GainNode; laps: number } | null = null;
  #touched: GainNode | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #volume: GainNode | undefined;
  /** In front of it where a sum may be too loud: bends it as the mix of a film does. */
  #bend: GainNode | undefined;
  #level = 1;

  constructor(options: {
    readonly fetch: (id: Id) => Promise<ArrayBuffer>;
    readonly failed: (id: Id, error: unknown) => void;
  }) {
    this.#fetch = options.fetch;
    this.#failed = options.failed;
  }

  get ready(): boolean {
    return (
      this.#context?.state === 'running' &&
      this.#clips.every(({ sound }) => !(this.#buffers.get(sound) instanceof Promise))
    );
  }

  readonly onReady = this.#readiness.subscribe;

  wake(): void {
    const context = this.#open();
    // no device, or no gesture yet: it plays without
    if (context.state !== 'running') void context.resume().catch(() => undefined);
  }

  /** 0 to 1. */
  setLevel(level: number): void {
    this.#level = level;
    if (this.#context) this.#volume?.gain.setTargetAtTime(level, this.#context.currentTime, FADE);
  }

  /** What is on the timeline now. While it plays, the new sounds take over in step with the old ones. */
  setClips(clips: readonly SoundClip[]): void {
    if (clips === this.#clips) return;
    const heardTheSame =
      clips.length === this.#clips.length && clips.every((clip, index) => clip === this.#clips[index]);
    this.#clips = clips;
    if (heardTheSame) return;
    for (const { sound } of clips) this.#load(sound);
    if (this.#playing && this.ready) this.#play(this.#playing.course, this.#open().currentTime + LEAD);
    this.#readiness.tell();
  }

  now(): number {
    const context = this.#context;
    if (!context) return 0;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    const behind = context.outputLatency || context.baseLatency || 0;
    const stamped = performanceTime > 0 ? contextTime + (performance.now() - performanceTime) / 1000 : Number.NaN;
    // Some devices give no time stamp, or one that has stopped; then the clock of what is computed, less what lies
    // between.
    const rough = context.currentTime - behind;
    const heard = Math.abs(stamped - rough) < 0.25 ? Math.min(stamped, context.currentTime) : rough;
    return (this.#heard = Math.max(this.#heard, heard));
  }

  start(course: Omit<Course, 'clock'>, late: boolean): Course {
    const soon = this.#open().currentTime + LEAD;
    // From the beginning: the playhead waits until the first sample is heard. Late: the sound joins in where the
    // playhead is by then.
    const begun = { ...course, clock: late ? this.now() : soon };
    this.#play(begun, soon);
    return begun;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#fadeOut(this.#playing?.bus);
    this.#playing = null;
  }

  touch(time: number): void {
    this.wake();
    const context = this.#open();
    if (!this.ready) return;
    const soon = context.currentTime + FADE;
    this.#fadeOut(this.#touched, soon);
    const bus = this.#bus(soon);
    const starts = clipStarts(this.#clips, { clock: soon, from: time, to: time + TOUCH }, soon);
    for (const start of starts) this.#give(context, start, bus);
    this.#fadeOut(bus, soon + TOUCH - FADE);
    this.#touched = bus;
  }

  close(): void {
    this.stop();
    this.#readiness.clear();
    void this.#context?.close();
    this.#context = undefined;
  }

  #open(): AudioContext {
    if (this.#context) return this.#context;
    const context = new AudioContext({ latencyHint: 'interactive' });
    context.addEventListener('statechange', () => this.#readiness.tell());
    this.#context = context;
    this.#volume = new GainNode(context, { gain: this.#level });
    this.#volume.connect(context.destination);
    this.#bend = new GainNode(context, { gain: 1 / LOUDEST });
    const curve = Float32Array.from({ length: BEND_POINTS }, (_, k) =>
      softened(LOUDEST * ((2 * k) / (BEND_POINTS - 1) - 1)),
    );
    this.#bend.connect(new WaveShaperNode(context, { curve })).connect(this.#volume);
    return context;
  }

  #load(id: Id): void {
    if (this.#buffers.has(id)) return;
    const context = this.#open();
    const loading = this.#fetch(id)
      .then((wav) => context.decodeAudioData(wav))
      .then(
        (buffer) => void this.#buffers.set(id, buffer),
        (error: unknown) => {
          if (this.#context !== context) return; // closed meanwhile
          this.#buffers.set(id, 'failed');
          this.#failed(id, error);
        },
      )
      .then(() => this.#readiness.tell());
    this.#buffers.set(id, loading);
  }

  #play(course: Course, from: number): void {
    const context = this.#open();
    this.#fadeOut(this.#playing?.bus, from);
    clearInterval(this.#timer);
    const bus = this.#bus(from);
    this.#playing = { course, bus, laps: 0 };
    this.#schedule(from);
    this.#timer = setInterval(() => this.#schedule(context.currentTime + LEAD), SCHEDULE_MS);
  }

  /** What begins to sound at `from`, without a click. */
  #bus(from: number): GainNode {
    const bus = new GainNode(this.#open(), { gain: 0 });
    bus.gain.setValueAtTime(0, from);
    bus.gain.linearRampToValueAtTime(1, from + FADE);
    bus.connect(mayBeTooLoud(this.#clips) ? this.#bend! : this.#volume!);
    return bus;
  }

  /** Gives the audio thread every lap that begins within the horizon and was not given yet. */
  #schedule(earliest: number): void {
    const context = this.#context;
    if (!context || !this.#playing) return;
    const { course, bus } = this.#playing;
    const laps = lapsUntil(course, context.currentTime + HORIZON, this.#playing.laps);
    this.#playing.laps += laps.length;
    for (const lap of laps) {
      for (const start of clipStarts(this.#clips, lap, earliest)) this.#give(context, start, bus);
    }
  }

  #give(context: AudioContext, { clip, clock, offset, seconds }: ClipStart, bus: AudioNode): void {
    const buffer = this.#buffers.get(clip.sound);
    if (!(buffer instanceof AudioBuffer)) return;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(isPlain(clip) ? bus : loudnessNode(context, clip, clock, offset - clip.start, seconds, bus));
    source.start(clock, offset, seconds);
  }

  #fadeOut(bus: GainNode | null | undefined, at = (this.#context?.currentTime ?? 0) + FADE): void {
    if (!bus) return;
    bus.gain.cancelScheduledValues(at);
    bus.gain.setValueAtTime(1, at);
    bus.gain.linearRampToValueAtTime(0, at + FADE);
    const rest = at - (this.#context?.currentTime ?? at);
    setTimeout(() => bus.disconnect(), 1000 * (rest + 3 * FADE) + 100); // a disconnected source is collected
  }
}

/** Makes a clip as loud as it says from `clock` on, where it is `into` seconds from its beginning. */
function loudnessNode(
  context: AudioContext,
  clip: SoundClip,
  clock: number,
  into: number,
  seconds: number,
  bus: AudioNode,
): GainNode {
  const [first, ...rest] = cornersOf(clip, into, into + seconds);
  const node = new GainNode(context, { gain: first!.factor });
  node.gain.setValueAtTime(first!.factor, clock);
  for (const corner of rest) node.gain.linearRampToValueAtTime(corner.factor, clock + (corner.into - into));
  node.connect(bus);
  return node;
}
