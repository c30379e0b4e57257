import type { SoundClip, SoundId } from '../../../../shared/domain/take.ts';
import type { z } from 'zod';
import { Listeners } from '../../../ground/store.ts';
import { clipStarts } from './clip-starts.ts';
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

/** The sounds of a take on one AudioContext, whose clock the picture follows. */
export class TakeSound implements PlayedSound {
  readonly #fetch: (id: Id) => Promise<ArrayBuffer>;
  readonly #failed: (id: Id, error: unknown) => void;
  readonly #buffers = new Map<Id, AudioBuffer | Promise<void> | 'failed'>();
  readonly #readiness = new Listeners();
  #context: AudioContext | undefined;
  #clips: readonly SoundClip[] = [];
  #playing: { readonly course: Course; readonly bus: GainNode; laps: number } | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #volume: GainNode | undefined;
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
    this.#fadeOut();
    this.#playing = null;
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
    this.#fadeOut(from);
    clearInterval(this.#timer);
    const bus = new GainNode(context, { gain: 0 });
    bus.gain.setValueAtTime(0, from);
    bus.gain.linearRampToValueAtTime(1, from + FADE);
    bus.connect(this.#volume!);
    this.#playing = { course, bus, laps: 0 };
    this.#schedule(from);
    this.#timer = setInterval(() => this.#schedule(context.currentTime + LEAD), SCHEDULE_MS);
  }

  /** Gives the audio thread every lap that begins within the horizon and was not given yet. */
  #schedule(earliest: number): void {
    const context = this.#context;
    if (!context || !this.#playing) return;
    const { course, bus } = this.#playing;
    const laps = lapsUntil(course, context.currentTime + HORIZON, this.#playing.laps);
    this.#playing.laps += laps.length;
    for (const lap of laps) {
      for (const { clip, clock, offset, seconds } of clipStarts(this.#clips, lap, earliest)) {
        const buffer = this.#buffers.get(clip.sound);
        if (!(buffer instanceof AudioBuffer)) continue;
        const source = new AudioBufferSourceNode(context, { buffer });
        source.connect(bus);
        source.start(clock, offset, seconds);
      }
    }
  }

  #fadeOut(at = (this.#context?.currentTime ?? 0) + FADE): void {
    const bus = this.#playing?.bus;
    if (!bus) return;
    bus.gain.cancelScheduledValues(at);
    bus.gain.setValueAtTime(1, at);
    bus.gain.linearRampToValueAtTime(0, at + FADE);
    setTimeout(() => bus.disconnect(), 1000 * (LEAD + 4 * FADE) + 100); // a disconnected source is collected
  }
}
