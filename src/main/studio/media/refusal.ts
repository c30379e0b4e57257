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

function refused(role: 'video' | 'sound', format: string, named: string, detail: string): StudioError {
  const known = REFUSED_MEDIA.find(({ formats }) => format.split(',').some((name) => formats.has(name)));
  return new StudioError({
    code: role === 'video' ? 'bad-video' : 'bad-audio',
    message: `This is not a ${role} but ${known?.what ?? 'another kind of file'} (${format})${named}.`,
    hint: known?.hint ?? 'Convert it to mp4 (H.264) with the program that wrote it.',
    detail: detail.slice(-2000),
  });
}
