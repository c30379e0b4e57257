import { type ErrorCode, StudioError } from '../contract/index.ts';

/** What a person is told of a trouble that the system or the database names: its code, what is wrong, what to do. */
type Told = readonly [code: ErrorCode, message: string, hint: string];

const FULL: Told = ['disk-full', 'The disk is full.', 'Free some space and try again; nothing finished is lost.'];
const NO_MEMORY: Told = [
  'out-of-memory',
  'There was not enough memory for this.',
  'Close other programs and try again.',
];
const HELD: Told = [
  'busy',
  'Another program holds a file that is needed.',
  'Wait a moment or close it, and try again.',
];
const TOO_MANY: Told = ['busy', 'This computer has too many files or programs open.', 'Close some and try again.'];
const FORBIDDEN: Told = ['not-found', 'A file or folder may not be used.', 'Check its permissions.'];
const READ_ONLY: Told = [
  'bad-request',
  'This disk can only be read, not written to.',
  'Choose a folder on another disk.',
];
const GONE: Told = ['not-found', 'A file or folder is not there.', 'Check whether it was moved, renamed or deleted.'];
const NO_FOLDER: Told = ['bad-request', 'There is a file where a folder is needed.', 'Choose another folder.'];
const NO_FILE: Told = ['bad-request', 'There is a folder where a file is needed.', 'Choose another name.'];
const BAD_PATH: Told = ['bad-request', 'This path cannot be used.', 'Choose a shorter or plainer one.'];
const OTHER_KIND: Told = [
  'bad-request',
  'The disk of this folder cannot do what is needed here.',
  'Choose a folder on a disk of this computer.',
];
const SILENT: Told = ['not-found', 'The disk does not answer as it should.', 'Check its connection and its health.'];

/** By the names of the system (errno) and of SQLite; a longer name of SQLite's goes before its beginning. */
const KNOWN: Readonly<Record<string, Told>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  ENOMEM: NO_MEMORY,
  EBUSY: HELD,
  ETXTBSY: HELD,
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  EAGAIN: TOO_MANY,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: READ_ONLY,
  ENOENT: GONE,
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER, // what a folder's making says of a file in its place
  EISDIR: NO_FILE,
  ENAMETOOLONG: BAD_PATH,
  ELOOP: BAD_PATH,
  EILSEQ: BAD_PATH, // what disks of other systems say of letters that they have no name for
  ENOTSUP: OTHER_KIND,
  EOPNOTSUPP: OTHER_KIND,
  EXDEV: OTHER_KIND, // a folder inside the library that is another disk
  ENOTEMPTY: ['busy', 'A folder is used that was to be replaced.', 'Close what uses it, and try again.'],
  EIO: SILENT,
  ENXIO: SILENT,
  ENODEV: SILENT,
  // of a disk in the network, or one that a program stands behind, which went away
  ESTALE: SILENT,
  ENOTCONN: SILENT,
  ETIMEDOUT: SILENT,
  EHOSTDOWN: SILENT,
  EHOSTUNREACH: SILENT,
  SQLITE_FULL: FULL,
  SQLITE_IOERR_SHMSIZE: FULL, // the file beside the database, which cannot be made larger
  SQLITE_IOERR: SILENT,
  SQLITE_BUSY: ['busy', 'Another program holds the library.', 'Close it, or wait a moment and try again.'],
  SQLITE_LOCKED: HELD,
  SQLITE_NOMEM: NO_MEMORY,
  SQLITE_PERM: FORBIDDEN,
  SQLITE_READONLY_DBMOVED: GONE,
  SQLITE_READONLY: READ_ONLY,
  SQLITE_CANTOPEN: [
    'not-found',
    "The library's files cannot be opened.",
    'Check its folder and the permissions in it.',
  ],
};

/** The error for a trouble of the computer's that a person can do something about; undefined for any other. */
export function knownError(error: unknown): StudioError | undefined {
  if (error instanceof StudioError) return error;
  const { code, syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string') return undefined;
  const told: Told | undefined =
    code === 'ENOENT' && syscall?.startsWith('spawn')
      ? ['missing-tool', 'A program that is needed cannot be started.', 'Run "likeness doctor".']
      : toldOf(code);
  if (!told) return undefined;
  const [name, words, hint] = told;
  return new StudioError({ code: name, message: words, hint, detail: message }, { cause: error });
}

/** Whatever was thrown, as what a person is told; what nobody expected is a bug of ours. */
export function asStudioError(error: unknown): StudioError {
  return (
    knownError(error) ??
    new StudioError(
      {
        code: 'internal',
        message: 'Something in Likeness itself went wrong.',
        hint: 'Try again; if it happens again, send a debug report.',
        detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
      { cause: error },
    )
  );
}

/** SQLITE_BUSY_SNAPSHOT is a kind of SQLITE_BUSY. */
function toldOf(code: string): Told | undefined {
  for (let name = code; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('_'))))
    if (Object.hasOwn(KNOWN, name)) return KNOWN[name];
  return undefined;
}
