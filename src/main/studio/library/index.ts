/** The library on disk: one SQLite database and a folder for each project. */
export { Library } from './library.ts';
export type { LibraryPaths } from './paths.ts';
export type { Project } from './projects.ts';
export { presetOf, type Run, type RunRequest } from './runs.ts';
export { FIRST_TAKE, type SavedTake } from './takes.ts';
export type { Settings } from './settings.ts';
export { attachmentOf, type Consent, type ConsentChange, travellingRecord, withdrawnAt } from './consents.ts';
export type { JobRecord, JobRecords, NewJob } from './job-records.ts';
export { type Copy, listCopies } from './copies.ts';
export { DamagedLibrary } from './damaged.ts';
export { libraryCopies, type Restored, restoreLibrary } from './restore.ts';
export { sha256Of } from './take-in.ts';
