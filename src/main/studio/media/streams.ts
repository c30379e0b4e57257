/** Which of a file's pictures is the film, and which of its sounds is heard: chosen once, for the trainer too. */
import { type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import { measureSound, type SoundMeasure } from './measure-sound.ts';
import type { MediaTools } from './tools.ts';

/** A stream as ffprobe describes it. */
export interface DescribedStream {
  readonly index: number;
  readonly codec_type?: string | undefined;
  readonly codec_name?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly channels?: number | undefined;
  readonly nb_frames?: string | undefined;
  readonly disposition?: Readonly<Record<string, number>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What somebody asks for, by its index in the file; else it is chosen. */
export interface StreamWish {
  readonly picture?: number | undefined;
  readonly sound?: number | undefined;
}

export type PictureStream = DescribedStream & { readonly width: number; readonly height: number };

/** Pictures that stand still: covers, thumbnails, chapters' pictures. */
const STILL = ['attached_pic', 'timed_thumbnails', 'still_image'];
/** Ways to code one picture; a track of them with one frame is a cover that nobody marked as one. */
const STILL_CODECS = new Set(['mjpeg', 'png', 'bmp', 'gif', 'webp', 'tiff']);
/** Sounds about the film, or for some. */
const ASIDE = ['comment', 'descriptions', 'visual_impaired', 'hearing_impaired', 'karaoke', 'clean_effects'];
/** A picture of less than this share of the largest one's pixels is a preview of it. */
const PREVIEW = 1 / 4;

/** The moving pictures of a file. */
export function movingPictures(streams: readonly DescribedStream[]): readonly PictureStream[] {
  return streams.filter(
    (stream): stream is PictureStream =>
      stream.codec_type === 'video' &&
      !!stream.width &&
      !!stream.height &&
      !marked(stream, STILL) &&
      !(stream.nb_frames === '1' && STILL_CODECS.has(stream.codec_name ?? '')),
  );
}

/** The marked default among those that are no previews, else the largest, else the first; undefined without any. */
export function choosePicture(pictures: readonly PictureStream[], wish?: number): PictureStream | undefined {
  if (wish !== undefined && pictures.length > 0) return wished(pictures, wish, 'picture');
  const largest = Math.max(0, ...pictures.map(pixels));
  return pictures
    .filter((picture) => pixels(picture) >= largest * PREVIEW)
    .toSorted((a, b) => marks(b) - marks(a) || pixels(b) - pixels(a) || a.index - b.index)[0];
}

function pixels({ width, height }: PictureStream): number {
  return width * height;
}

function marks(stream: DescribedStream): number {
  return marked(stream, ['default']) ? 1 : 0;
}

function marked({ disposition = {} }: DescribedStream, names: readonly string[]): boolean {
  return names.some((name) => disposition[name] === 1);
}

export interface MeasuredSound extends SoundMeasure {
  readonly stream: DescribedStream;
}

/** Quieter than the loudest by so much, a sound is beside it: a second microphone, an empty track's hum. */
const BESIDE_DB = 10;

/**
 * Of those that can be heard the marked default, else the one that is not an aside, else the first that is about as
 * loud as the loudest. Where none can be heard it is the first; undefined without any.
 */
export function chooseSound(sounds: readonly MeasuredSound[], wish?: number): MeasuredSound | undefined {
  if (wish !== undefined && sounds.length > 0) {
    const streams = sounds.map(({ stream }) => stream);
    return sounds[streams.indexOf(wished(streams, wish, 'sound'))];
  }
  const heard = sounds.filter(({ decibels }) => decibels !== null);
  const films = heard.filter(({ stream }) => !marked(stream, ASIDE));
  const among = films.length > 0 ? films : heard;
  const loudest = Math.max(...among.map(({ decibels }) => decibels!));
  const loud = among.filter(({ decibels }) => decibels! >= loudest - BESIDE_DB);
  const defaults = among.filter(({ stream }) => marks(stream) === 1);
  // Containers without a mark of their own mark every track, which says nothing.
  const says = defaults.length > 0 && defaults.length < among.length;
  return (says ? defaults : loud)[0] ?? sounds[0];
}

/** Listens to each sound of a file. Raises StudioError('interrupted' | 'missing-tool' | 'cancelled'). */
export async function measureSounds(
  tools: MediaTools,
  path: string,
  streams: readonly DescribedStream[],
  signal?: AbortSignal,
): Promise<readonly MeasuredSound[]> {
  const sounds: MeasuredSound[] = [];
  for (const stream of streams.filter(({ codec_type }) => codec_type === 'audio'))
    sounds.push({ stream, ...(await measureSound(tools, path, stream.index, signal)) });
  return sounds;
}

/**
 * The choice among a file's streams, and what there is to choose from. Where there is one sound alone it is still
 * listened to, for the phase of its channels. Raises StudioError('bad-request') for a wish that the file does not have.
 */
export async function chooseStreams(
  tools: MediaTools,
  path: string,
  { streams, picture }: { readonly streams: readonly DescribedStream[]; readonly picture: number },
  wish?: number,
): Promise<SourceStreams> {
  const sounds = await measureSounds(tools, path, streams);
  const sound = chooseSound(sounds, wish);
  return {
    picture,
    sound: sound?.stream.index ?? null,
    opposite: sound?.opposite ?? false,
    pictures: movingPictures(streams).map((stream) => ({
      ...named(stream),
      width: stream.width,
      height: stream.height,
    })),
    sounds: sounds.map(({ stream, decibels }) => ({ ...named(stream), channels: stream.channels ?? 0, decibels })),
  };
}

function named({ index, codec_name: codec = 'unknown', tags = {} }: DescribedStream): {
  index: number;
  codec: string;
  title: string;
} {
  const language = tags['language'] === 'und' ? undefined : tags['language'];
  const title = [tags['title'], language].filter(Boolean).join(', ').slice(0, 120);
  return { index, codec, title };
}

function wished<Stream extends DescribedStream>(streams: readonly Stream[], wish: number, what: string): Stream {
  const stream = streams.find(({ index }) => index === wish);
  if (stream) return stream;
  throw new StudioError({
    code: 'bad-request',
    message: `This file has no ${what} ${wish}.`,
    hint: `It has ${streams.map(({ index, codec_name }) => `${index} (${codec_name ?? 'unknown'})`).join(', ')}.`,
  });
}
