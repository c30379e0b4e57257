import { StudioError, type TrainerJob } from '../../../shared/contract/index.ts';
import { PRODUCER } from '../ground/product.ts';
import { askTrainer } from '../jobs/index.ts';
import type { MediaTools } from '../media/index.ts';
import { requireTrainer } from '../set-up/index.ts';
import { type Installation, trainerCommand } from '../system/environment.ts';

/** What credentials are signed and read with: the trainer has the library for it. */
export interface CredentialsPlace {
  readonly installation: Installation;
  readonly tools: MediaTools;
  /** Where the library's certificates lie. */
  readonly folder: string;
}

type Order<Job> = Job extends { readonly command: 'certificate' | 'sign' | 'credentials' }
  ? Omit<Job, 'v' | 'producer' | 'ffmpeg' | 'ffprobe' | 'threads' | 'credentialsDir'>
  : never;
export type CredentialsOrder = Order<TrainerJob>;

/** A trainer that was begun, and what it is asked. */
export interface Waiting<Name extends CredentialsOrder['command']> {
  readonly ask: (
    order: Omit<Extract<CredentialsOrder, { command: Name }>, 'command'>,
    signal?: AbortSignal,
  ) => Promise<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** Raises StudioError('missing-tool') where there is no trainer; `ask` likewise where it is of an earlier version. */
export function beginAsking<Name extends CredentialsOrder['command']>(
  { installation, tools, folder }: CredentialsPlace,
  command: Name,
): Waiting<Name> {
  requireTrainer(installation);
  const asked = askTrainer(trainerCommand(installation), command);
  const { ffmpeg, ffprobe } = tools;
  const told = { v: 1, producer: PRODUCER, ffmpeg, ffprobe, threads: 1, credentialsDir: folder, command } as const;
  return {
    ask: (order, signal) =>
      asked.answer({ ...told, ...order } as TrainerJob, signal).catch((error: unknown) => {
        throw error instanceof StudioError && lacksPackage(error) ? outdated(error) : error;
      }),
    close: () => asked.close(),
  };
}

/** The environment of an earlier version has not got the packages for this. */
function lacksPackage({ message, detail = '' }: StudioError): boolean {
  return /No module named '(c2pa|cryptography)/.test(`${message} ${detail}`);
}

function outdated({ detail }: StudioError): StudioError {
  return new StudioError({
    code: 'missing-tool',
    message: "The trainer's environment is of an earlier version, which knew no Content Credentials.",
    hint: 'Bring it up to date in the settings, or with "npm start".',
    ...(detail === undefined ? {} : { detail }),
  });
}
