import { encodeLivePicture, type LivePicture } from '../../../shared/contract/live.ts';
import type { Line } from './line.ts';

/** Pictures that may wait on a watcher's line; more would only be late. */
const WAITING_PICTURES = 2;
/** A window that has shown nothing for so long gives way to another one that does. */
const LEAD_MS = 1000;

/** What a window of the studio has to do with who looks on. */
export interface Performer {
  /** Somebody began to look on: what is to be seen is shown again. */
  readonly again: () => void;
}

interface Stage {
  readonly watchers: Set<Line>;
  readonly performers: Set<Performer>;
  lead: Performer | undefined;
  shownAt: number;
}

/** Who looks on at the live pictures of projects from outside the studio: they are shown what its window draws. */
export class Audience {
  readonly #stages = new Map<string, Stage>();

  /** A window that draws pictures of a project; the answer takes it off. */
  perform(projectId: string, performer: Performer): () => void {
    const stage = this.#stage(projectId);
    stage.performers.add(performer);
    return () => {
      stage.performers.delete(performer);
      if (stage.lead === performer) stage.lead = undefined;
      this.#forget(projectId, stage);
    };
  }

  /** Somebody who looks on; the answer takes them off. */
  watch(projectId: string, line: Line): () => void {
    const stage = this.#stage(projectId);
    stage.watchers.add(line);
    for (const { again } of stage.performers) again();
    return () => {
      stage.watchers.delete(line);
      this.#forget(projectId, stage);
    };
  }

  /** Whether anybody looks on. */
  watched(projectId: string): boolean {
    return (this.#stages.get(projectId)?.watchers.size ?? 0) > 0;
  }

  /** Shows a picture without its background; of two windows on a project those of one alone. */
  show(projectId: string, performer: Performer, picture: LivePicture): void {
    const stage = this.#stages.get(projectId);
    if (!stage || stage.watchers.size === 0) return;
    const now = performance.now();
    if (stage.lead !== performer && stage.lead && now - stage.shownAt < LEAD_MS) return;
    stage.lead = performer;
    stage.shownAt = now;
    const message = encodeLivePicture(picture);
    for (const line of stage.watchers) if (line.buffered <= WAITING_PICTURES * message.byteLength) line.send(message);
  }

  #stage(projectId: string): Stage {
    const stage = this.#stages.get(projectId) ?? {
      watchers: new Set(),
      performers: new Set(),
      lead: undefined,
      shownAt: 0,
    };
    this.#stages.set(projectId, stage);
    return stage;
  }

  #forget(projectId: string, { watchers, performers }: Stage): void {
    if (watchers.size + performers.size === 0) this.#stages.delete(projectId);
  }
}
