import { StudioError } from '../../../shared/contract/index.ts';

/** What the file was meant to be, for the sentence a person reads. */
export type MediaRole = 'video' | 'sound' | 'output';

/** Turns what ffmpeg said into an error a person can act on. `log` is its standard error. */
export function mediaFailure(role: MediaRole, log: string): StudioError {
  const detail = log.trim().slice(-2000);
  if (/No space left on device|Disk quota exceeded/i.test(log)) {
    return new StudioError({
      code: 'disk-full',
      message: 'The disk is full.',
      hint: 'Free some space and try again; nothing unfinished was left behind.',
      detail,
    });
  }
  if (/Cannot allocate memory/i.test(log)) {
    return new StudioError({
      code: 'out-of-memory',
      message: 'There was not enough memory for this.',
      hint: 'Close other programs and try again.',
      detail,
    });
  }
  switch (role) {
    case 'video':
      return badVideo('This file cannot be read as a video.', detail);
    case 'sound':
      return new StudioError({
        code: 'bad-audio',
        message: 'The sound of this file cannot be read.',
        hint: 'Use a WAV, MP3, M4A or FLAC file, or a video that has sound.',
        detail,
      });
    case 'output':
      return new StudioError({
        code: 'internal',
        message: 'The video could not be written.',
        hint: 'Try again; if it happens again, send a debug report.',
        detail,
      });
  }
}

export function badVideo(message: string, detail?: string): StudioError {
  return new StudioError({
    code: 'bad-video',
    message,
    hint: 'Use an mp4, mov, mkv, webm or avi file that plays in a video player.',
    detail,
  });
}

export function cancelled(): StudioError {
  return new StudioError({ code: 'cancelled', message: 'It was stopped.', hint: 'Start it again when you like.' });
}
