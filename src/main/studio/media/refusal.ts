import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { REFUSED_MEDIA } from '../../../shared/format/index.ts';

/**
 * Why a file of a format that is not on the list is refused, by what ffprobe said; undefined when it said no such
 * thing.
 */
export function refusal(path: string, log: string, role: 'video' | 'sound'): StudioError | undefined {
  const named = extname(path) ? ` named ${extname(path)}` : '';
  if (/Not detecting m3u8/i.test(log)) return refused(role, 'hls', named, log);
  const format = /\[(\S+) @ \S+\] Format not on whitelist/.exec(log)?.[1];
  return format === undefined ? undefined : refused(role, format, named, log);
}

/**
 * Why a file is refused that says by its first bytes that it is pictures in an mp4's boxes (HEIC, AVIF): some builds of
 * ffprobe take them for a film that lacks its index, others see streams there that ffmpeg numbers otherwise.
 */
export async function refusedBrand(path: string, role: 'video' | 'sound'): Promise<StudioError | undefined> {
  const brand = await brandOf(path);
  if (!REFUSED_MEDIA.some(({ brands }) => brands.has(brand))) return undefined;
  return refused(role, brand, extname(path) ? ` named ${extname(path)}` : '', '');
}

/** What an mp4 calls itself in its first box; else nothing. */
async function brandOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (!file) return '';
  try {
    const head = Buffer.alloc(12);
    await file.read(head, 0, head.length, 0);
    return head.toString('latin1', 4, 8) === 'ftyp' ? head.toString('latin1', 8) : '';
  } finally {
    await file.close();
  }
}

function refused(role: 'video' | 'sound', format: string, named: string, detail: string): StudioError {
  const known = REFUSED_MEDIA.find(
    ({ formats, brands }) => brands.has(format) || format.split(',').some((name) => formats.has(name)),
  );
  return new StudioError({
    code: role === 'video' ? 'bad-video' : 'bad-audio',
    message: `This is not a ${role} but ${known?.what ?? 'another kind of file'} (${format})${named}.`,
    // the list is of videos; what helps is of the other kind where a sound is wanted
    hint: known?.hint.replace('video', role) ?? 'Convert it to mp4 (H.264) with the program that wrote it.',
    detail: detail.slice(-2000),
  });
}
