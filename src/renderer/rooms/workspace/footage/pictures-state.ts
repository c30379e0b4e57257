import type { JobView } from '../../../../shared/contract/job.ts';

/** How it stands with the pictures of a source that has none yet. */
export type PicturesState =
  | { readonly kind: 'no-video' } // an avatar that came without it
  | { readonly kind: 'wanted' }
  | { readonly kind: 'coming'; readonly job: JobView }
  | { readonly kind: 'failed'; readonly job: JobView };

/** `job` is the newest that was to make them. */
export function picturesState(hasVideo: boolean, job: JobView | undefined): PicturesState {
  if (!hasVideo) return { kind: 'no-video' };
  if (!job || job.status === 'done') return { kind: 'wanted' }; // they were made, and are gone
  return { kind: job.status === 'queued' || job.status === 'running' ? 'coming' : 'failed', job };
}
