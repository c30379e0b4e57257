import type { Avatar, Picture } from '../engine/index.ts';
import type { PixelFormat } from '../media/index.ts';
import type { Performance } from '../takes/index.ts';
import type { ExportProgress, ExportRequest } from './request.ts';
import type { PreparedSound } from './sound.ts';

/** An export whose sound has been heard. */
export interface ExportJob {
  readonly request: ExportRequest;
  readonly avatar: Avatar;
  readonly fps: number;
  readonly sound: PreparedSound;
  readonly performance: Performance;
  readonly tags: Record<string, string>;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** One picture on its way; wrapped, because an async generator would wait for a bare promise before it goes on. */
export interface InTheMaking {
  readonly picture: Promise<Picture>;
}

/** Pictures of one size and format. Buffers that have been written come back in `spare`. */
export interface Pictures {
  readonly format: Exclude<PixelFormat, 'rgb24'>;
  /** Of straight RGBA: whether the alpha counts. */
  readonly alpha?: boolean;
  readonly spare: Uint8Array[];
  readonly pictures: AsyncIterable<InTheMaking>;
}
