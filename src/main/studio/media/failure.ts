import { StudioError } from '../../../shared/contract/index.ts';
import { knownError } from '../../../shared/domain/system-error.ts';
import type { Ended } from './program.ts';

/** What the file was meant to be, for the sentence a person reads. */
export type MediaRole = 'video' | 'sound' | 'output';

/** Signals by which somebody else ends a program; the others are its own crash. */
const FROM_OUTSIDE = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
/** With which ffmpeg itself answers such a signal, without a word. */
const ANSWERED_SIGNAL = 255;

/** Null when a program ended well. */
export function endFailure(role: MediaRole, { ending, command, log }: Ended): StudioError | null {
  switch (ending.kind) {
    case 'exited':
      if (ending.code === 0) return null;
      if (ending.code === ANSWERED_SIGNAL && log.trim() === '') return endedFromOutside('a signal');
      if (ending.code >= WINDOWS_CRASH) return crashed(`code 0x${ending.code.toString(16)}`, command, log);
      return mediaFailure(role, `${log}\nIt ended with code ${ending.code}.`, command);
    case 'killed':
      if (FROM_OUTSIDE.has(ending.signal)) return endedFromOutside(ending.signal, log);
      return crashed(ending.signal, command, log);
    case 'not-started':
      return new StudioError({
        code: 'missing-tool',
        message: 'ffmpeg could not be started.',
        hint: 'Close other programs and try again, or run "likeness doctor".',
        detail: ending.reason,
      });
  }
}

/** Windows says a crash by an exit code of these: access violation, stack overflow and the like. */
const WINDOWS_CRASH = 0xc0000000;

/** Says nothing about the file: another build of the program may well read it. */
function crashed(how: string, command: string, log: string): StudioError {
  const program = /ffprobe/.test(command.split(' ')[0]!) ? 'ffprobe' : 'ffmpeg';
  return new StudioError({
    code: 'missing-tool',
    message: `${program} crashed over this file.`,
    hint: `Convert the file to mp4 (H.264), or name another ${program} with LIKENESS_${program.toUpperCase()}.`,
    detail: `${how}\n${log.trim().slice(-2000)}\n${command.slice(0, 2000)}`.trim(),
  });
}

function endedFromOutside(signal: string, log = ''): StudioError {
  return new StudioError({
    code: 'interrupted',
    message: 'ffmpeg was ended from outside, often because the computer ran out of memory.',
    hint: 'Close other programs and try again.',
    detail: `${signal}\n${log.trim().slice(-2000)}`.trim(),
  });
}

/**
 * Turns what ffmpeg said into an error a person can act on. `log` is its standard error, `command` how it was started.
 */
export function mediaFailure(role: MediaRole, log: string, command = ''): StudioError {
  const detail = `${log.trim().slice(-2000)}\n${command.slice(0, 2000)}`.trim();
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
  if (/No such filter/i.test(log)) {
    return new StudioError({
      code: 'missing-tool',
      message: 'This ffmpeg lacks a filter that this file needs.',
      hint: 'Use the one that Likeness brings: leave LIKENESS_FFMPEG unset. "likeness doctor" says what is missing.',
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
      return (
        unwritable(log, detail) ??
        new StudioError({
          code: 'internal',
          message: 'The video could not be written.',
          hint: 'Try again; if it happens again, send a debug report.',
          detail,
        })
      );
  }
}

/** What the system says of a place, as ffmpeg passes it on. */
const OF_THE_SYSTEM: Readonly<Record<string, string>> = {
  'Read-only file system': 'EROFS',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'No such file or directory': 'ENOENT',
  'Not a directory': 'ENOTDIR',
  'Is a directory': 'EISDIR',
  'File name too long': 'ENAMETOOLONG',
  'File too large': 'EFBIG',
  'Too many open files': 'EMFILE',
  'Input/output error': 'EIO',
};

function unwritable(log: string, detail: string): StudioError | undefined {
  const said = Object.keys(OF_THE_SYSTEM).find((words) => log.includes(words));
  return said === undefined ? undefined : knownError(Object.assign(new Error(detail), { code: OF_THE_SYSTEM[said] }));
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
