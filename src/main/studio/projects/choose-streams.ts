import { rm } from 'node:fs/promises';
import { type SourceInfo, type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import { SOURCE_SOUND } from '../../../shared/domain/take.ts';
import type { Library, Project } from '../library/index.ts';
import { chooseStreams, type MediaTools, probeVideo, type StreamWish } from '../media/index.ts';
import { removeSound } from '../sounds/index.ts';

export type ChosenSource = SourceInfo & { readonly streams: SourceStreams };

/** What is chosen in a video where nothing is wished. */
export async function streamsOf(tools: MediaTools, path: string): Promise<SourceStreams> {
  return (await sourceWith(tools, path, {})).streams;
}

/** What a video is with the streams that are wished, else with those that are chosen. */
export async function sourceWith(tools: MediaTools, path: string, wish: StreamWish): Promise<ChosenSource> {
  const video = await probeVideo(tools, path, wish.picture);
  return { ...video.source, streams: await chooseStreams(tools, path, video, wish.sound) };
}

/**
 * Another picture or sound of a project's video is the one. Its analysis, pictures and sound were of the others and are
 * removed. Raises StudioError('bad-request') where a training is there, or for a stream that the file does not have.
 */
export async function changeStreams(
  library: Library,
  tools: MediaTools,
  project: Project,
  wish: StreamWish,
): Promise<ChosenSource> {
  const { streams } = project.source;
  if (library.runs.list(project.id).length > 0)
    throw new StudioError({
      code: 'bad-request',
      message: 'An avatar was trained on this choice already.',
      hint: 'Import the video again, and choose there.',
    });
  const source = await sourceWith(tools, library.sourcePath(project), {
    picture: wish.picture ?? streams?.picture,
    sound: wish.sound ?? streams?.sound ?? undefined,
  });
  for (const folder of [library.paths.analysis(project.id), library.paths.pictures(project.id)])
    await rm(folder, { recursive: true, force: true });
  await removeSound(library.paths.sounds(project.id), SOURCE_SOUND);
  library.projects.setSource(project.id, source);
  return source;
}
