/** How a film of each format is coded: what ffmpeg is told, and whether this ffmpeg can. */
import { FilmFormat, type Quality } from '../../../shared/domain/film/index.ts';
import { succeeds } from './abilities.ts';
import type { PixelFormat } from './frames.ts';
import type { MediaTools } from './tools.ts';

/** What is to be coded. */
export interface Coded {
  readonly format: FilmFormat;
  readonly quality: Quality;
  /** Of the frames that come in; `yuv420p` is BT.709, limited range. */
  readonly pixelFormat: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** What comes in is straight RGBA whose alpha counts. */
  readonly alpha: boolean;
}

/** ffmpeg's output options. */
export interface Coding {
  readonly filter: string;
  readonly picture: readonly string[];
  /** Empty where the file holds no sound. */
  readonly sound: readonly string[];
  readonly file: readonly string[];
}

type ByQuality = Readonly<Record<Quality, number>>;
/** Constant rate factors; 18 of x264 is visually lossless, and the others' are about as good. */
const X264: ByQuality = { small: 26, good: 18, best: 14 };
const X265: ByQuality = { small: 28, good: 21, best: 17 };
const SVT: ByQuality = { small: 42, good: 30, best: 22 };
const VPX: ByQuality = { small: 38, good: 26, best: 16 };
const WEBP: ByQuality = { small: 60, good: 82, best: 93 };
/** kbit/s. */
const SOUND: ByQuality = { small: 128, good: 192, best: 256 };

/**
 * Pictures in flight inside the encoder are most of its memory: planar 1080p takes 170 MiB instead of 280, and the file
 * is no larger. Threads that share a picture hold fewer of them than threads with one each.
 */
const FRUGAL = ['-threads', '2', '-x264-params', 'rc-lookahead=3:sync-lookahead=0:bframes=1:sliced-threads=1'];
const TAGGED = 'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv';
const ACCURATE = 'flags=bicubic+accurate_rnd+full_chroma_inp+full_chroma_int';
const MP4 = ['-movflags', '+faststart+use_metadata_tags', '-f', 'mp4'];

export function codingOf(coded: Coded): Coding {
  const { format, quality, alpha } = coded;
  const aac = ['-c:a', 'aac', '-b:a', `${format === 'mp4' ? 192 : SOUND[quality]}k`];
  switch (format) {
    case 'mp4': {
      const picture = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(X264[quality]), ...FRUGAL];
      return { filter: subsampled(coded), picture, sound: aac, file: MP4 };
    }
    case 'hevc': {
      const frugal = ['-x265-params', 'log-level=error:pools=2:frame-threads=1', '-tag:v', 'hvc1'];
      const picture = ['-c:v', 'libx265', '-preset', 'veryfast', '-crf', String(X265[quality]), ...frugal];
      return { filter: subsampled(coded), picture, sound: aac, file: MP4 };
    }
    case 'av1': {
      const picture = ['-c:v', 'libsvtav1', '-preset', '8', '-crf', String(SVT[quality]), '-svtav1-params', 'lp=2'];
      return { filter: subsampled(coded), picture, sound: aac, file: MP4 };
    }
    case 'webm': {
      const speed = ['-deadline', 'good', '-cpu-used', '4', '-row-mt', '1', '-threads', '2'];
      const picture = ['-c:v', 'libvpx-vp9', '-b:v', '0', '-crf', String(VPX[quality]), ...speed];
      // the encoder refuses frames that are never shown beside an alpha
      const shown = alpha ? ['-auto-alt-ref', '0'] : [];
      const sound = ['-c:a', 'libopus', '-b:a', '160k'];
      return { filter: subsampled(coded), picture: [...picture, ...shown], sound, file: ['-f', 'webm'] };
    }
    case 'prores': {
      const profile = ['-profile:v', '4444', '-vendor', 'apl0', ...(alpha ? ['-alpha_bits', '16'] : [])];
      const planes = alpha ? 'yuva444p10le' : 'yuv444p10le';
      const scale = `scale=${named(coded)}out_color_matrix=bt709:out_range=tv:${ACCURATE}`;
      return {
        filter: `${scale},format=${planes},${TAGGED}`,
        picture: ['-c:v', 'prores_ks', ...profile, '-threads', '2'],
        sound: ['-c:a', 'pcm_s16le'],
        file: ['-movflags', '+faststart+use_metadata_tags', '-f', 'mov'],
      };
    }
    case 'png':
      return { filter: toRgb(coded, alpha ? 'rgba' : 'rgb24'), picture: ['-c:v', 'png'], sound: [], file: FRAMES };
    case 'gif': {
      // A palette for each frame: one for all would have to wait for the last of them, in memory.
      const palette = `palettegen=stats_mode=single:reserve_transparent=${alpha ? 1 : 0}`;
      const used = 'paletteuse=new=1:dither=sierra2_4a';
      const filter = `${toRgb(coded, 'rgba')},split[shown][seen];[seen]${palette}[palette];[shown][palette]${used}`;
      return { filter, picture: ['-c:v', 'gif', '-loop', '0'], sound: [], file: ['-f', 'gif'] };
    }
    case 'webp': {
      const picture = ['-c:v', 'libwebp_anim', '-lossless', '0', '-quality', String(WEBP[quality]), '-loop', '0'];
      return { filter: toRgb(coded, 'bgra'), picture, sound: [], file: ['-f', 'webp'] };
    }
    case 'wav':
      return { filter: '', picture: [], sound: ['-c:a', 'pcm_s16le'], file: ['-f', 'wav'] };
    case 'm4a':
      return { filter: '', picture: [], sound: aac, file: ['-movflags', '+faststart+use_metadata_tags', '-f', 'ipod'] };
  }
}

/** Numbered pictures of a folder. */
const FRAMES = ['-start_number', '1', '-f', 'image2'];

const SUBSAMPLED: ReadonlySet<FilmFormat> = new Set(['mp4', 'hevc', 'av1', 'webm']);

/** Whether a film has half as many colours as pixels, in 4:2:0: planes of `yuv420p` then go into it as they are. */
export function isSubsampled(format: FilmFormat): boolean {
  return SUBSAMPLED.has(format);
}

/** 4:2:0, in which an odd last column or row is left out. */
function subsampled({ pixelFormat, width, height, alpha }: Coded): string {
  if (pixelFormat === 'yuv420p') return TAGGED;
  const even = `crop=${width - (width % 2)}:${height - (height % 2)}:0:0`;
  const planes = alpha ? 'yuva420p' : 'yuv420p';
  const scale = 'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_inp';
  return `${even},${scale},format=${planes},${TAGGED}`;
}

function toRgb(coded: Coded, format: 'rgb24' | 'rgba' | 'bgra'): string {
  return `scale=${named(coded)}out_range=pc:${ACCURATE},format=${format}`;
}

const named = ({ pixelFormat }: Coded): string =>
  pixelFormat === 'yuv420p' ? 'in_color_matrix=bt709:in_range=tv:' : '';

const SIDE = 64;
const able = new Map<string, Promise<readonly FilmFormat[]>>();

/** What this ffmpeg can write: each is tried once, with transparency where the format has it. */
export function writableFormats({ ffmpeg }: Pick<MediaTools, 'ffmpeg'>): Promise<readonly FilmFormat[]> {
  let answer = able.get(ffmpeg);
  if (!answer) able.set(ffmpeg, (answer = tried(ffmpeg)));
  return answer;
}

async function tried(ffmpeg: string): Promise<readonly FilmFormat[]> {
  const can = await Promise.all(FilmFormat.options.map((format) => canWrite(ffmpeg, format)));
  return FilmFormat.options.filter((_, index) => can[index]);
}

function canWrite(ffmpeg: string, format: FilmFormat): Promise<boolean> {
  const how = { format, quality: 'small', width: SIDE, height: SIDE, pixelFormat: 'rgba' } as const;
  const alpha = format === 'prores' || format === 'webm';
  const { filter, picture, sound } = codingOf({ ...how, alpha });
  const pictures = ['-f', 'lavfi', '-i', `color=s=${SIDE}x${SIDE}:d=0.08:r=25,format=rgba`];
  const tone = ['-f', 'lavfi', '-i', 'sine=d=0.08:sample_rate=48000'];
  const made = [
    ...(filter ? ['-map', '0:v', '-vf', filter, ...picture] : []),
    ...(sound.length > 0 ? ['-map', '1:a', ...sound] : []),
  ];
  return succeeds(ffmpeg, [...pictures, ...tone, ...made, '-f', 'null', '-']);
}
