/** What an ffmpeg that somebody brought can do: tried, not taken from its version. */
import { MEDIA_CONTAINERS, MEDIA_PROTOCOLS, READING } from '../../../shared/format/index.ts';
import { readProgram } from './program.ts';

/** What not every ffmpeg can, and is done without where it cannot. */
export interface Abilities {
  /** What it cannot, in words, without which some videos cannot be read. */
  readonly lacks: readonly string[];
  /** Output options by which raw pictures wait one at a time: eight of them are 48 MB at 1080p. */
  readonly shortQueue: readonly string[];
}

export const ALL_ABILITIES: Abilities = { lacks: [], shortQueue: ['-thread_queue_size', '1'] };

const ANSWER_MS = 20_000;
const PICTURE = ['-f', 'lavfi', '-i', 'color=s=64x64:d=0.08:r=25'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=0.1'];
const NOWHERE = ['-f', 'null', '-'];
const nothing: readonly string[] = [];
const EXAMPLE: Readonly<Record<string, string>> = {
  '{primaries}': 'bt2020',
  '{transfer}': 'arib-std-b67',
  '{matrix}': 'bt2020nc',
  '{range}': 'limited',
};

/** What is wanted of it, in words, and a command that only succeeds where it can. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'keep every frame as it is (-fps_mode)': [...PICTURE, '-fps_mode', 'passthrough', ...NOWHERE],
  'list packets (framecrc)': [...PICTURE, '-c:v', 'rawvideo', '-f', 'framecrc', '-'],
  'look at pictures (idet, signalstats, metadata)': [
    ...PICTURE,
    '-vf',
    [...READING.fields.look, ...READING.light.look].join(',').replaceAll(':file=-', ''),
    ...NOWHERE,
  ],
  'choose and scale frames (select, scale)': [
    ...PICTURE,
    '-vf',
    'select=st(0\\,if(eq(n\\,0)\\,lt(t\\,1)\\,ld(0))),scale=32:32:flags=area+accurate_rnd+full_chroma_int,setsar=1',
    ...NOWHERE,
  ],
  'keep sound in step (aeval, aresample, pan)': [
    ...SOUND,
    '-af',
    [
      READING.sound,
      'asetpts=PTS-(0/TB),aresample=async=1:first_pts=0',
      'pan=stereo|c0=c0|c1=-1*c0',
      'apad=whole_dur=0.2,atrim=duration=0.2',
    ].join(','),
    ...NOWHERE,
  ],
  'write H.264 (libx264)': [...PICTURE, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-preset', 'veryfast', ...NOWHERE],
  'write AAC': [...SOUND, '-c:a', 'aac', ...NOWHERE],
  'write JPEG': [...PICTURE, '-vf', 'format=yuvj420p', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg', '-'],
  'write PNG': [...PICTURE, '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', '-'],
  'write lossless masks (libx264, grey)': [
    ...PICTURE,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-qp',
    '0',
    '-pix_fmt',
    'gray',
    ...NOWHERE,
  ],
  'read named formats only (-format_whitelist)': [
    '-protocol_whitelist',
    MEDIA_PROTOCOLS,
    '-format_whitelist',
    `lavfi,${MEDIA_CONTAINERS}`,
    ...PICTURE,
    ...NOWHERE,
  ],
};

/** As above, of what only some videos need. */
const SOMETIMES: Readonly<Record<string, readonly string[]>> = {
  'read HDR and wide colours (zscale, tonemap)': [
    ...PICTURE,
    '-vf',
    [READING.from, ...READING.toneMap.bright, ...READING.to].join(',').replaceAll(/{\w+}/g, (name) => EXAMPLE[name]!),
    ...NOWHERE,
  ],
  'read interlaced video (fieldmatch, bwdif)': [
    ...PICTURE,
    '-vf',
    READING.fields.filters.join(',').replaceAll('{order}', 'tff'),
    ...NOWHERE,
  ],
};

/** What it cannot do that is needed, in words; none for one that will do. */
export function lackingAbilities(ffmpeg: string): Promise<readonly string[]> {
  return lacking(ffmpeg, NEEDED);
}

async function lacking(ffmpeg: string, wanted: typeof NEEDED): Promise<readonly string[]> {
  const tried = await Promise.all(Object.values(wanted).map((args) => succeeds(ffmpeg, args)));
  return Object.keys(wanted).filter((_, index) => !tried[index]);
}

export async function abilitiesOf(ffmpeg: string): Promise<Abilities> {
  const { shortQueue } = ALL_ABILITIES;
  const short = await succeeds(ffmpeg, [...PICTURE, ...shortQueue, '-f', 'rawvideo', '-']);
  return { lacks: await lacking(ffmpeg, SOMETIMES), shortQueue: short ? shortQueue : nothing };
}

/** Whether ffmpeg does what these arguments say, and ends well. */
export async function succeeds(ffmpeg: string, args: readonly string[]): Promise<boolean> {
  const words = ['-v', 'error', '-nostdin', ...args];
  const { ending } = await readProgram(ffmpeg, words, AbortSignal.timeout(ANSWER_MS));
  return ending.kind === 'exited' && ending.code === 0;
}
