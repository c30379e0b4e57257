import { release } from 'node:os';
import type { Job, JobEvent } from '../../../shared/domain/job.ts';
import { StudioError } from '../../../shared/contract/index.ts';
import { Log } from '../../log/index.ts';
import type { Installation } from './environment.ts';
import { VERSION } from '../ground/product.ts';
import type { Library } from '../library/index.ts';
import { redact, type Secrets } from './redact.ts';
import { secretsOf } from './secrets.ts';

/** The library's log, without the names that the library knows of. Its first entry says what runs here. */
export function openLog(library: Library, installation: Installation, host: string): Log {
  let secrets: Secrets = secretsOf(library, installation);
  const log = new Log({
    folder: library.paths.logs,
    host,
    redact: (text) => {
      try {
        secrets = secretsOf(library, installation);
      } catch {
        // the library is closed, or its disk is gone: the names of before will do
      }
      return redact(text, secrets);
    },
  });
  const { platform, arch, versions } = process;
  const program = versions['electron'] === undefined ? '' : `Electron ${versions['electron']}, `;
  log.note(`opened by Likeness ${VERSION}, ${program}Node ${versions.node}, ${platform} ${release()} ${arch}`);
  return log;
}

/** When a job is queued, begins and ends, and how. */
export function logJob(log: Log, { id, kind }: Job, event: JobEvent): void {
  if (event.type !== 'state') return;
  const job = `job ${kind} ${id.slice(0, 8)}`;
  if (event.state.kind === 'failed') log.failure(job, new StudioError(event.state.error));
  else log.note(`${job} is ${event.state.kind}`);
}
