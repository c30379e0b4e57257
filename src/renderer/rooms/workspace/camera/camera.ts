import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import type { CameraPart, CameraParts } from '../../../../shared/contract/live-camera.ts';
import type { LaneName } from '../../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { Store } from '../../../ground/store.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import type { CameraCapture, CameraEvents } from './capture.ts';
import { RecordedLanes } from './recorded-lanes.ts';

export type CameraState =
  | { readonly kind: 'off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'on'; readonly capture: CameraCapture }
  | { readonly kind: 'recording'; readonly capture: CameraCapture; readonly began: number };

/** What is seen: nothing `yet`, somebody whose `calm` face is learnt, a face, or none. */
export type Sight = 'yet' | 'calm' | 'face' | 'none';

/** What a camera works with. */
export interface Surroundings {
  readonly open: (deviceId: string, events: CameraEvents) => Promise<CameraCapture>;
  /** Null before there is one. */
  readonly avatar: () => LiveAvatar | null;
  /** The playhead, seconds; what played rests. */
  readonly rest: () => number;
  /** One step of undo. */
  readonly edit: (change: (take: Take) => Take) => void;
  readonly newId: () => string;
  readonly failed: (error: unknown) => void;
}

/** More keyframes than a take holds would be made of more, or coarser ones; it ends by itself then. */
const LONGEST_SECONDS = 600;
const OFF: CameraState = { kind: 'off' };
/** Where somebody sits is no part of what they do, unless it is asked for: the picture keeps its frame. */
const AT_FIRST: CameraParts = {
  head: true,
  gaze: true,
  brows: true,
  mouth: true,
  blinks: true,
  place: false,
  shoulders: false,
};

/** The workspace's camera: while it is on the avatar does what the person before it does, and that can be recorded. */
export class Camera {
  readonly #around: Surroundings;
  readonly state = new Store<CameraState>(OFF);
  readonly sight = new Store<Sight>('yet');
  /** What of the avatar it drives. */
  readonly parts = new Store<CameraParts>(AT_FIRST);
  /** Which one; empty: the system's. */
  readonly device = new Store('');
  /** Where on the timeline (seconds) it was at a moment of the page's clock (ms). */
  #begins = { at: 0, clock: 0 };
  #recorded: RecordedLanes | null = null;
  #off: { readonly [Name in LaneName]?: number } = {};
  /** Of the newest start: what an earlier one still opens is closed again. */
  #start = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async start(): Promise<void> {
    const { open, avatar, rest, failed } = this.#around;
    if (this.state.get().kind !== 'off') return;
    const start = ++this.#start;
    this.state.set({ kind: 'asking' });
    this.sight.set('yet');
    this.#begins = { at: rest(), clock: performance.now() };
    try {
      const capture = await open(this.device.get(), {
        taken: (takenAt, fill) => start === this.#start && this.#taken(takenAt, fill),
        lost: (error) => start === this.#start && this.#lose(error),
      });
      if (start !== this.#start) return capture.close();
      this.state.set({ kind: 'on', capture });
      avatar()?.drivers.watch(capture.size, this.parts.get(), {
        ready: (off) => {
          this.#off = off;
          this.sight.set('calm');
        },
        calm: () => this.sight.set('face'),
        driven: ({ at, found, values }, takenAt) => {
          if (this.sight.get() !== 'calm') this.sight.set(found ? 'face' : 'none');
          if (takenAt >= this.#begins.clock) this.#record(at, values);
        },
        lost: (error) => start === this.#start && this.#lose(error),
      });
    } catch (error) {
      if (start !== this.#start) return;
      this.state.set(OFF);
      failed(error);
    }
  }

  /** What is being recorded is kept. */
  stop(): void {
    const state = this.state.get();
    this.#start += 1;
    if (state.kind === 'off') return;
    this.#keep();
    this.state.set(OFF);
    if (state.kind !== 'asking') state.capture.close();
    this.#around.avatar()?.drivers.unwatch();
  }

  /** They look at the camera with a calm face, for a second from now on. */
  calm(): void {
    if (this.state.get().kind === 'off') return;
    this.#around.avatar()?.drivers.calm();
    this.sight.set('calm');
  }

  drive(part: CameraPart, on: boolean): void {
    this.parts.set({ ...this.parts.get(), [part]: on });
    this.#around.avatar()?.drivers.change(this.parts.get());
  }

  /** Records from now on, at the playhead. */
  record(): void {
    const state = this.state.get();
    if (state.kind !== 'on') return;
    this.#begins = { at: this.#around.rest(), clock: performance.now() };
    this.#recorded = new RecordedLanes(this.#begins.at, this.#around.newId);
    this.state.set({ kind: 'recording', capture: state.capture, began: this.#begins.clock });
  }

  /** Keeps what was recorded. */
  stopRecording(): void {
    const state = this.state.get();
    if (state.kind !== 'recording') return;
    this.#keep();
    this.state.set({ kind: 'on', capture: state.capture });
  }

  /** Nothing is kept: the workspace is left. */
  close(): void {
    this.#recorded = null;
    this.stop();
  }

  #taken(takenAt: number, fill: (planes: Uint8Array) => void): void {
    const { at, clock } = this.#begins;
    if (takenAt < clock) return; // from before the recording began
    this.#around.avatar()?.drivers.look(at + (takenAt - clock) / 1000, takenAt, fill);
  }

  #record(at: number, values: { readonly [Name in LaneName]?: number }): void {
    this.#recorded?.add(at, values);
    if (this.#recorded && this.#recorded.seconds > LONGEST_SECONDS) this.stopRecording();
  }

  #keep(): void {
    const recorded = this.#recorded;
    this.#recorded = null;
    if (recorded) this.#around.edit((take) => recorded.into(take, this.#off));
  }

  #lose(error: StudioErrorShape): void {
    this.stop();
    this.#around.failed(error);
  }
}
