import { StudioError } from '../../../shared/contract/index.ts';
import { type LivePicture, type LiveReply, type LiveRequest } from '../../../shared/contract/live.ts';
import type { Take } from '../../../shared/domain/take.ts';
import { type Control, portraitSize } from '../engine/index.ts';
import type { Audience, Performer } from './audience.ts';
import { Driving, type Wanted } from './driving.ts';
import { type EngineLease, type Engines, stampOf } from './engines.ts';
import type { Line } from './line.ts';
import { Look } from './look.ts';
import { atRest, isShown, type Mix, perform } from './perform.ts';
import { refusal, shapeOf, understand } from './refusal.ts';
import { Sending } from './sending.ts';
import type { Stage, State } from './stage.ts';
import { behindTheHour, describedBy, readable, viewOf } from './told.ts';
import type { Follow } from './watching.ts';

/** What a session needs of the studio. */
export interface LiveSource {
  readonly engines: Pick<Engines, 'lease'>;
  /** Where the avatar lies that a project shows now. Raises StudioError('not-found'). */
  readonly avatarPath: (projectId: string) => Promise<string>;
  /** Who looks on from outside the studio. */
  readonly audience: Audience;
  /** What looks at pictures of a camera. */
  readonly follow: Follow;
  readonly mix: (projectId: string, ...what: Parameters<Mix>) => ReturnType<Mix>;
}

/** Pictures that may wait on the line: one on its way, one behind it. More would only be late. */
const WAITING_PICTURES = 2;
/** How often an open avatar's file is looked at: a new training takes its place, a consent is withdrawn. */
export const LOOK_MS = 2000;

/**
 * One window's live line. It asks for every picture; the newest wish wins: as many are drawn as the avatar draws at
 * once, one may wait, and a wish that is overtaken is never drawn. Pictures leave in the order of their wishes. While
 * something drives it (a voice, a camera), pictures come as that comes in. A message that does not fit gets `failed`
 * where it names its serial, and ends the line where not.
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
  readonly #sending: Sending;
  /** Until its avatar is on the line nobody is shown anything. */
  #leave: () => void = () => undefined;
  #lastWish: { readonly serial: number; readonly frame: number } | undefined;
  #height = 0;
  #looking: NodeJS.Timeout | undefined;
  #following = false;

  readonly #driving = new Driving({
    stage: () => (this.#state.kind === 'open' ? this.#state.stage : undefined),
    follow: (...what) => this.#source.follow(...what),
    reply: (reply) => this.#reply(reply),
    fail: (serial, error) => this.#fail(serial, error),
    end: (error) => this.#end(error),
    draw: () => void this.#draw(),
  });

  readonly #look = new Look((reply) => this.#reply(reply));

  readonly #performer: Performer = {
    again: () => {
      this.#wish ??= this.#lastWish;
      void this.#draw();
    },
  };

  constructor(source: LiveSource, line: Line, lookMs = LOOK_MS) {
    this.#source = source;
    this.#line = line;
    this.#sending = new Sending(line);
    this.#lookMs = lookMs;
  }

  /** One message of the window, as it came. */
  receive(message: unknown): void {
    if (this.#state.kind === 'closed') return;
    if (message instanceof Uint8Array) return this.#driving.receive(message);
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
      case 'look':
        if (this.#state.kind === 'new') return this.#end(refusal('A line begins with "open".'));
        return this.#look.set(request);
      case 'unkeyed':
        return this.#tellUnkeyed(request);
      case 'listen':
        return void this.#driving.listen(request);
      case 'hush':
        return this.#driving.hush();
      case 'watch':
        return this.#driving.watch(request);
      case 'calm':
        return this.#driving.calm();
      case 'parts':
        return this.#driving.change(request);
      case 'unwatch':
        return this.#driving.unwatch();
    }
  }

  /** Something that waited on the line has left. */
  drained(): void {
    void this.#draw();
  }

  /** The line is gone. */
  close(): void {
    this.#driving.close();
    this.#leave();
    if (this.#state.kind === 'open') this.#state.stage.lease.release();
    this.#state = { kind: 'closed' };
    this.#performing.abort();
    clearInterval(this.#looking);
  }

  async #open(projectId: string): Promise<void> {
    this.#state = { kind: 'opening' };
    try {
      await this.#enter(projectId, await this.#source.avatarPath(projectId));
      this.#looking = setInterval(() => void this.#follow(projectId), this.#lookMs).unref();
      if (this.#isClosed()) clearInterval(this.#looking);
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
    this.#driving.replaced();
    this.#state = { kind: 'open', stage: { projectId, path, lease, size, performance: atRest(avatar) } };
    this.#reply({
      type: 'ready',
      ...size,
      fps: source.fps,
      graph: avatar.graph,
      engineFps,
      ...describedBy(avatar),
    });
    this.#leave();
    this.#leave = this.#source.audience.perform(projectId, this.#performer);
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
    } catch (error) {
      // of anything else it is looked at again
      if (error instanceof StudioError && error.code === 'consent-withdrawn') this.#end(error);
    } finally {
      this.#following = false;
    }
  }

  #tellUnkeyed({ serial, ...looks }: Extract<LiveRequest, { type: 'unkeyed' }>): void {
    if (this.#state.kind !== 'open') return this.#fail(serial, refusal('There is no avatar on this line yet.'));
    const { performance, lease } = this.#state.stage;
    if (!isShown(lease.avatar, looks.first + looks.count * looks.every)) return this.#fail(serial, behindTheHour());
    this.#reply({ type: 'unkeyed', serial, values: performance.own(false).unkeyed(looks) });
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

  /** Draws what is wanted next, unless as many pictures are being drawn as can be or the line is full. */
  async #draw(): Promise<void> {
    if (this.#state.kind !== 'open') return;
    const { lease, size, projectId } = this.#state.stage;
    if (this.#underway >= lease.avatar.atOnce) return;
    if (this.#line.buffered > WAITING_PICTURES * this.#look.bytes(size)) return;
    const wanted = this.#wanted(this.#state.stage);
    if (!wanted) return;
    const { serial, frame, control } = wanted;
    this.#underway += 1;
    const before = this.#sent;
    const drawn = this.#drawn(this.#state.stage, control);
    const sent = drawn.then(async ({ bare, ...picture }) => {
      void this.#draw(); // the engine goes on while this one is sent
      await before;
      if (this.#isClosed()) return;
      this.#sending.send({ serial, frame, ...picture });
      if (bare) this.#source.audience.show(projectId, this.#performer, { serial, frame, ...picture, rgba: bare });
    });
    this.#sent = sent.catch(() => undefined);
    try {
      await sent;
    } catch (error) {
      if (lease.avatar.ended || (error instanceof StudioError && error.code === 'internal'))
        this.#breakDown(lease, error);
      else {
        this.#fail(serial, error);
        void this.#draw();
      }
    }
  }

  /** Of what drives it the newest moment; else the newest wish, which is forgotten. */
  #wanted(stage: Stage): Wanted | undefined {
    if (this.#driving.on) return this.#driving.next(stage);
    const { lease, performance } = stage;
    const wish = this.#wish;
    this.#wish = undefined;
    this.#lastWish = wish ?? this.#lastWish;
    if (wish && !isShown(lease.avatar, wish.frame)) {
      this.#fail(wish.serial, behindTheHour());
      return undefined;
    }
    return wish && { ...wish, control: performance.own(false).frame(wish.frame).control };
  }

  async #drawn(
    { lease: { avatar }, size: { height }, projectId }: Stage,
    control: Control,
  ): Promise<Omit<LivePicture, 'serial' | 'frame'> & { readonly bare?: Uint8Array }> {
    try {
      const into = this.#sending.room();
      const bare = this.#source.audience.watched(projectId);
      const { pixels, view, ...drawn } = await avatar.drawPortrait(control, {
        height,
        bare,
        frame: this.#look.next(bare),
        ...(into ? { into } : {}),
      });
      const { expression, rotation, translation } = control;
      return { ...drawn, view: viewOf(view), expression, rotation, translation, rgba: pixels };
    } finally {
      this.#underway -= 1;
    }
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
