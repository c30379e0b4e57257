import { StudioError } from '../../../shared/contract/index.ts';
import {
  encodeLivePicture,
  LIVE_HEADER_BYTES,
  type LivePicture,
  type LiveReply,
  type LiveRequest,
  type StyleView,
} from '../../../shared/contract/live.ts';
import type { Take } from '../../../shared/domain/take.ts';
import { type Avatar, type Control, type PortraitPicture, portraitSize, reachOf } from '../engine/index.ts';
import { type EngineLease, type Engines, stampOf } from './engines.ts';
import type { Line } from './line.ts';
import { atRest, LONGEST_SECONDS, type LivePerformance, type Mix, perform } from './perform.ts';
import { refusal, shapeOf, understand } from './refusal.ts';

/** What a session needs of the studio. */
export interface LiveSource {
  readonly engines: Pick<Engines, 'lease'>;
  /** Where the avatar lies that a project shows now. Raises StudioError('not-found'). */
  readonly avatarPath: (projectId: string) => Promise<string>;
  readonly mix: (projectId: string, ...what: Parameters<Mix>) => ReturnType<Mix>;
}

/** An avatar on a line: what it performs, and what it draws. */
interface Stage {
  readonly projectId: string;
  readonly path: string;
  readonly lease: EngineLease;
  readonly size: { readonly width: number; readonly height: number };
  readonly performance: LivePerformance;
}
type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly stage: Stage }
  | { readonly kind: 'closed' };

/** Pictures that may wait on the line: one on its way, one behind it. More would only be late. */
const WAITING_PICTURES = 2;
/** How often an open avatar's file is looked at: a new training takes its place. */
const LOOK_MS = 2000;

/**
 * One window's live line. It asks for every picture; the newest wish wins: as many are drawn as the avatar draws at
 * once, one may wait, and a wish that is overtaken is never drawn. Pictures leave in the order of their
 * wishes. A message that does not fit gets `failed` where it names its serial, and ends the line where not.
 */
export class LiveSession {
  readonly #source: LiveSource;
  readonly #line: Line;
  readonly #lookMs: number;
  #state: State = { kind: 'new' };
  #take: { readonly serial: number; readonly take: Take } | undefined;
  #performing = new AbortController();
  #wish: { readonly serial: number; readonly frame: number } | undefined;
  #underway = 0;
  /** The picture that was begun last has been sent, or will not be. */
  #sent: Promise<void> = Promise.resolve();
  /** Messages that have left, to be filled again. */
  readonly #spare: Uint8Array[] = [];
  #height = 0;
  #look: NodeJS.Timeout | undefined;
  #following = false;

  constructor(source: LiveSource, line: Line, lookMs = LOOK_MS) {
    this.#source = source;
    this.#line = line;
    this.#lookMs = lookMs;
  }

  /** One message of the window, as it came. */
  receive(message: unknown): void {
    if (this.#state.kind === 'closed') return;
    const understood = understand(message);
    if (understood.kind === 'refused')
      return understood.serial === null ? this.#end(understood.error) : this.#fail(understood.serial, understood.error);
    const { request } = understood;
    switch (request.type) {
      case 'open':
        if (this.#state.kind !== 'new') return this.#end(refusal('This line shows an avatar already.'));
        this.#height = request.height;
        return void this.#open(request.projectId);
      case 'take':
        if (this.#state.kind === 'new') return this.#end(refusal('A line begins with "open".'));
        this.#take = request;
        return void this.#perform();
      case 'frame':
        if (this.#state.kind === 'new') return this.#end(refusal('A line begins with "open".'));
        this.#wish = request;
        return void this.#draw();
      case 'unkeyed':
        return this.#tellUnkeyed(request);
    }
  }

  /** Something that waited on the line has left. */
  drained(): void {
    void this.#draw();
  }

  /** The line is gone. */
  close(): void {
    if (this.#state.kind === 'open') this.#state.stage.lease.release();
    this.#state = { kind: 'closed' };
    this.#performing.abort();
    clearInterval(this.#look);
  }

  async #open(projectId: string): Promise<void> {
    this.#state = { kind: 'opening' };
    try {
      await this.#enter(projectId, await this.#source.avatarPath(projectId));
      this.#look = setInterval(() => void this.#follow(projectId), this.#lookMs).unref();
      if (this.#isClosed()) clearInterval(this.#look);
    } catch (error) {
      this.#end(error);
    }
  }

  /** Puts the avatar as its file is now on the line, in the place of the one that was there. */
  async #enter(projectId: string, path: string): Promise<void> {
    const lease = await this.#source.engines.lease(path);
    if (this.#isClosed()) return lease.release();
    const { avatar, engineFps } = lease;
    const { source } = avatar.manifest;
    const size = portraitSize(avatar.idle, source, this.#height);
    if (this.#state.kind === 'open') this.#state.stage.lease.release();
    this.#state = { kind: 'open', stage: { projectId, path, lease, size, performance: atRest(avatar) } };
    this.#reply({
      type: 'ready',
      ...size,
      fps: source.fps,
      graph: avatar.graph,
      engineFps,
      checkpoint: avatar.manifest.checkpoint ?? null,
      varies: avatar.varies,
      styles: stylesOf(avatar),
      ranges: reachOf(avatar).ranges,
    });
    void this.#perform();
    void this.#draw();
  }

  /**
   * A training wrote the file, or made its checkpoint an avatar: the line goes on with that. One that cannot be opened
   * (yet) leaves things as they are.
   */
  async #follow(projectId: string): Promise<void> {
    if (this.#following || this.#state.kind !== 'open') return;
    const { lease, path: shown } = this.#state.stage;
    this.#following = true;
    try {
      const path = await this.#source.avatarPath(projectId);
      const stamp = await stampOf(path);
      if (stamp !== undefined && (path !== shown || stamp !== lease.stamp)) await this.#enter(projectId, path);
    } catch {
      // it is looked at again
    } finally {
      this.#following = false;
    }
  }

  #tellUnkeyed({ serial, ...looks }: Extract<LiveRequest, { type: 'unkeyed' }>): void {
    if (this.#state.kind !== 'open') return this.#fail(serial, refusal('There is no avatar on this line yet.'));
    const { performance, lease } = this.#state.stage;
    if (looks.first + looks.count * looks.every > LONGEST_SECONDS * lease.avatar.manifest.source.fps)
      return this.#fail(serial, behindTheHour());
    this.#reply({ type: 'unkeyed', serial, values: performance.unkeyed(looks) });
  }

  async #perform(): Promise<void> {
    this.#performing.abort();
    if (!this.#take || this.#state.kind !== 'open') return;
    const { signal } = (this.#performing = new AbortController());
    const { serial, take } = this.#take;
    const { stage } = this.#state;
    try {
      const performance = await perform(
        stage.lease,
        take,
        (...what) => this.#source.mix(stage.projectId, ...what),
        signal,
      );
      if (signal.aborted) return;
      this.#state = { kind: 'open', stage: { ...stage, performance } };
      this.#reply({ type: 'motion', serial, fps: stage.lease.avatar.manifest.source.fps, ...readable(performance) });
    } catch (error) {
      if (signal.aborted) return;
      if (stage.lease.avatar.ended) this.#breakDown(stage.lease, error);
      else this.#fail(serial, error);
    }
  }

  /** Draws the newest wish, unless as many pictures are being drawn as can be or the line is full. */
  async #draw(): Promise<void> {
    const wish = this.#wish;
    if (!wish || this.#state.kind !== 'open') return;
    const { lease, size, performance } = this.#state.stage;
    if (this.#underway >= lease.avatar.atOnce) return;
    if (wish.frame > LONGEST_SECONDS * lease.avatar.manifest.source.fps) {
      this.#wish = undefined;
      return this.#fail(wish.serial, behindTheHour());
    }
    if (this.#line.buffered > WAITING_PICTURES * size.width * size.height * 4) return;
    this.#wish = undefined;
    this.#underway += 1;
    const before = this.#sent;
    const left = this.#spare.pop();
    const drawn = this.#drawn(lease, size.height, performance.control(wish.frame), left);
    const sent = drawn.then(async (picture) => {
      void this.#draw(); // the engine goes on while this one is sent
      await before;
      if (!this.#isClosed()) this.#send({ ...wish, ...picture });
    });
    this.#sent = sent.catch(() => undefined);
    try {
      await sent;
    } catch (error) {
      if (lease.avatar.ended || (error instanceof StudioError && error.code === 'internal'))
        this.#breakDown(lease, error);
      else {
        this.#fail(wish.serial, error);
        void this.#draw();
      }
    }
  }

  async #drawn(
    { avatar }: EngineLease,
    height: number,
    control: Control,
    left: Uint8Array | undefined,
  ): Promise<Omit<LivePicture, 'serial' | 'frame'>> {
    try {
      const into = left?.subarray(LIVE_HEADER_BYTES);
      const { pixels, view, ...size } = await avatar.drawPortrait(control, { height, ...(into ? { into } : {}) });
      const { expression, rotation, translation } = control;
      return { ...size, view: viewOf(view), expression, rotation, translation, rgba: pixels };
    } finally {
      this.#underway -= 1;
    }
  }

  #send(picture: LivePicture): void {
    const { rgba } = picture;
    // An earlier message's buffer has the picture where the message has it.
    const spare = rgba.byteOffset === LIVE_HEADER_BYTES ? new Uint8Array(rgba.buffer) : undefined;
    const message = encodeLivePicture(picture, spare);
    this.#line.send(message, () => this.#spare.push(message));
  }

  /**
   * The engine fell over: the window opens a new line, and gets a new engine. One that was replaced meanwhile is no
   * loss.
   */
  #breakDown(lease: EngineLease, error: unknown): void {
    if (this.#state.kind !== 'open' || this.#state.stage.lease !== lease) return void this.#draw();
    lease.discard();
    this.#end(error);
  }

  #reply(reply: LiveReply): void {
    if (!this.#isClosed()) this.#line.send(JSON.stringify(reply));
  }

  #fail(serial: number | null, error: unknown): void {
    this.#reply({ type: 'failed', serial, error: shapeOf(error) });
  }

  #end(error: unknown): void {
    if (this.#isClosed()) return;
    this.#fail(null, error);
    this.close();
    this.#line.close();
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }
}

function behindTheHour(): StudioError {
  return refusal('This moment lies behind the hour that the live picture shows.');
}

function stylesOf({ styles, idle }: Pick<Avatar, 'styles' | 'idle'>): StyleView[] {
  return styles.map(({ row, share }) => {
    const [x0, y0, size] = idle.crop.subarray(row * 3, row * 3 + 3) as unknown as [number, number, number];
    return { seconds: idle.time[row]!, crop: [x0, y0, size], share };
  });
}

function viewOf({ x0, y0, width, height }: PortraitPicture['view']): Float32Array {
  return Float32Array.of(x0, y0, width, height);
}

/** Figures to draw, in as many digits as can be seen. */
function readable({ frames, aperture, pitch }: LivePerformance): {
  frames: number;
  aperture: number[];
  pitch: (number | null)[];
} {
  return {
    frames,
    aperture: Array.from(aperture, (value) => Math.round(value * 1e4) / 1e4),
    pitch: Array.from(pitch, (hertz) => (Number.isNaN(hertz) ? null : Math.round(hertz * 10) / 10)),
  };
}
