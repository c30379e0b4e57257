import type { ConsentGiven, FileRef } from '../../../shared/contract/studio.ts';
import type { StudioClient } from '../../ground/connection.tsx';
import { explain } from '../../ground/errors.tsx';
import { host, type VideoFile } from '../../ground/host/index.ts';

export interface Import {
  readonly file: VideoFile;
  /** Where the core has it already; it is handed over first otherwise. */
  readonly taken?: FileRef;
  readonly name: string;
  readonly consent: ConsentGiven;
}

/** How far one video is. It can be stopped while it is sent. */
export type Sending =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'reading' }
  | { readonly kind: 'imported'; readonly projectId: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A video that the core has and can read. */
export interface Taken {
  readonly file: FileRef;
  /** Somewhere in its middle, as an image's address: whom one is asked about. */
  readonly picture: string;
}

/** Hands a video to the core and has it looked at: nobody is asked about a file that cannot be read. */
export async function handOver(
  client: StudioClient,
  file: VideoFile,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Taken> {
  const taken = await host.take(file, onShare, signal);
  const { picture } = await client.projects.check({ file: taken });
  return { file: taken, picture: `data:image/jpeg;base64,${picture}` };
}

/** Gives the core a video, has it checked and made ready for viewing; answers how that ended. */
export async function importVideo(
  client: StudioClient,
  { file, taken, name, consent }: Import,
  onState: (state: Sending) => void,
  signal: AbortSignal,
): Promise<Sending> {
  const end = (state: Sending): Sending => {
    onState(state);
    return state;
  };
  if (signal.aborted) return end({ kind: 'stopped' });
  try {
    if (!taken) onState({ kind: 'sending', share: 0 });
    const there = taken ?? (await host.take(file, (share) => onState({ kind: 'sending', share }), signal));
    onState({ kind: 'reading' });
    const { projectId } = await client.projects.import({ file: there, name, consent });
    await Promise.all([
      client.work.pictures({ id: projectId }),
      client.work.analyze({ id: projectId }).catch(unlessNotSetUp),
    ]);
    return end({ kind: 'imported', projectId });
  } catch (error) {
    return end(isStop(error) ? { kind: 'stopped' } : { kind: 'failed', error });
  }
}

/** Somebody stopped the sending. */
export const isStop = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** Without a trainer the video is in the library all the same; the Source step offers to set it up. */
function unlessNotSetUp(error: unknown): void {
  if (explain(error).code !== 'missing-tool') throw error;
}

/** The file's name without its ending. */
export function nameOf(file: VideoFile): string {
  return file.name.replace(/\.[^.]+$/, '').slice(0, 120) || 'Video';
}
