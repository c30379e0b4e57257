import type { SourceStreams } from '../../../shared/contract/index.ts';
import { requireFile } from '../ground/require-file.ts';
import { probeVideo, readStreams } from './probe.ts';
import { noAudio, type SoundTrack } from './sound-bytes.ts';
import { frameTimes } from './timing.ts';
import { chooseSound, chooseStreams, measureSounds } from './streams.ts';
import type { MediaTools } from './tools.ts';

/** The sound of a file that is heard, by itself. Raises StudioError('not-found' | 'bad-audio' | 'no-audio'). */
export async function soundTrack(tools: MediaTools, path: string, signal?: AbortSignal): Promise<SoundTrack> {
  await requireFile(path);
  const { streams } = await readStreams(tools, path, 'sound');
  const [only, ...others] = streams.filter(({ codec_type }) => codec_type === 'audio');
  if (only?.channels === 1 && others.length === 0) return { index: only.index, opposite: false };
  const sound = chooseSound(await measureSounds(tools, path, streams, signal));
  if (!sound) throw noAudio();
  return { index: sound.stream.index, opposite: sound.opposite };
}

/**
 * The sound of a video, on the clock of its picture; `streams` as they were chosen, else they are now. Raises
 * StudioError('not-found' | 'bad-video' | 'no-audio').
 */
export async function filmTrack(tools: MediaTools, video: string, streams?: SourceStreams): Promise<SoundTrack> {
  const chosen = streams ?? (await chooseStreams(tools, video, await probeVideo(tools, video)));
  const { picture, sound, opposite } = chosen;
  if (sound === null) throw noAudio();
  const { begins } = await frameTimes(tools, video, picture, sound);
  return { index: sound, opposite, film: { picture, begins } };
}
