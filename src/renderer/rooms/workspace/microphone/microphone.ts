import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import { LIVE_SOUND_RATE, toInt16 } from '../../../../shared/contract/live-sound.ts';
import { Store } from '../../../ground/store.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import type { Capture, CaptureEvents } from './capture.ts';
import { Resampler } from './resampler.ts';
import { wavFile } from './wav.ts';

export type MicrophoneState =
  | { readonly kind: 'off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'on'; readonly capture: Capture }
  | { readonly kind: 'recording'; readonly capture: Capture; readonly began: number };

/** What a microphone works with. */
export interface Surroundings {
  readonly open: (deviceId: string, events: CaptureEvents) => Promise<Capture>;
  /** Null before there is one. */
  readonly avatar: () => LiveAvatar | null;
  /** The playhead, seconds; what played rests. */
  readonly rest: () => number;
  /** Puts a sound on the timeline. */
  readonly keep: (file: File, at: number) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

interface Recording {
  readonly at: number; // of the timeline, seconds
  readonly name: string;
  /** The microphone was switched on for it. */
  readonly alone: boolean;
  readonly pieces: Int16Array<ArrayBuffer>[];
  samples: number;
}

/** Longer than the live picture holds; it ends by itself then. */
const LONGEST_SECONDS = 3600;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const OFF: MicrophoneState = { kind: 'off' };

/** The workspace's microphone: while it is on the avatar says what it hears, and that can be recorded. */
export class Microphone {
  readonly #around: Surroundings;
  readonly state = new Store<MicrophoneState>(OFF);
  /** Which one; empty: the system's. */
  readonly device = new Store('');
  #recording: Recording | null = null;
  #at = 0;
  /** Of the newest start: what an earlier one still opens is closed again. */
  #start = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async start(): Promise<boolean> {
    const { open, avatar, rest, failed } = this.#around;
    if (this.state.get().kind !== 'off') return false;
    const start = ++this.#start;
    this.state.set({ kind: 'asking' });
    this.#at = rest();
    let resampler: Resampler | undefined;
    try {
      const capture: Capture = await open(this.device.get(), {
        heard: (samples) => {
          if (start !== this.#start) return;
          this.#record(samples, capture.rate);
          resampler ??= new Resampler(capture.rate, LIVE_SOUND_RATE);
          avatar()?.drivers.hear(resampler.push(samples));
        },
        lost: (error) => start === this.#start && this.#lost(error),
      });
      if (start !== this.#start) {
        capture.close();
        return false;
      }
      avatar()?.drivers.listen(this.#at, failed);
      this.state.set({ kind: 'on', capture });
      return true;
    } catch (error) {
      if (start !== this.#start) return false;
      this.state.set(OFF);
      failed(error);
      return false;
    }
  }

  /** What is being recorded is kept. */
  async stop(): Promise<void> {
    const state = this.state.get();
    this.#start += 1;
    if (state.kind === 'off') return;
    const recorded = this.#recorded();
    this.state.set(OFF);
    if (state.kind !== 'asking') state.capture.close();
    this.#around.avatar()?.drivers.hush();
    await recorded;
  }

  /** Records from now on, at the playhead; switches the microphone on for it where it is off. */
  async record(name = `Recording ${new Date().toLocaleTimeString(undefined, CLOCK)}`): Promise<void> {
    const alone = this.state.get().kind === 'off';
    if (alone && !(await this.start())) return;
    const state = this.state.get();
    if (state.kind !== 'on') return;
    this.#recording = { at: alone ? this.#at : this.#around.rest(), name, alone, pieces: [], samples: 0 };
    this.state.set({ kind: 'recording', capture: state.capture, began: performance.now() });
  }

  /** Keeps what was recorded. */
  async stopRecording(): Promise<void> {
    const state = this.state.get();
    if (state.kind !== 'recording') return;
    if (this.#recording?.alone) return this.stop();
    const recorded = this.#recorded();
    this.state.set({ kind: 'on', capture: state.capture });
    await recorded;
  }

  /** Nothing is kept: the workspace is left. */
  close(): void {
    this.#recording = null;
    void this.stop();
  }

  #record(samples: Float32Array, rate: number): void {
    const recording = this.#recording;
    if (!recording) return;
    recording.pieces.push(Int16Array.from(samples, toInt16));
    recording.samples += samples.length;
    if (recording.samples > LONGEST_SECONDS * rate) void this.stopRecording();
  }

  #recorded(): Promise<void> {
    const recording = this.#recording;
    const state = this.state.get();
    this.#recording = null;
    if (!recording || recording.samples === 0 || state.kind !== 'recording') return Promise.resolve();
    return this.#around.keep(wavFile(recording.name, recording.pieces, state.capture.rate), recording.at);
  }

  #lost(error: StudioErrorShape): void {
    void this.stop();
    this.#around.failed(error);
  }
}
