import type { Job, JobEvent } from '../../../shared/domain/job.ts';
import type { Log } from '../../log/index.ts';
import type { Library } from '../library/index.ts';
import type { MediaTools } from '../media/index.ts';
import type { Installation } from '../system/environment.ts';

/** Something changed; for windows that show it. */
export type StudioNotice =
  | { readonly kind: 'projects' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'lists' }
  | { readonly kind: 'take'; readonly projectId: string; readonly takeId: string; readonly revision: number }
  | { readonly kind: 'job'; readonly job: Job; readonly event: JobEvent };

/** What every subject of the studio stands on. */
export interface Base {
  readonly library: Library;
  readonly installation: Installation;
  readonly log: Log;
  /** ffmpeg and ffprobe. Raises StudioError('missing-tool'). */
  readonly tools: () => Promise<MediaTools>;
  readonly notify: (notice: StudioNotice) => void;
}
