import { implement, ORPCError } from '@orpc/server';
import type { Log } from '../log/index.ts';
import { contract } from '../../shared/contract/studio.ts';
import { knownError } from '../../shared/domain/system-error.ts';

/** What every answer to a window goes through; failures are logged on the way. */
export function implementation(log: Log) {
  return implement(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (error) {
      // The window shows the studio's own words; of anything else it learns only that it failed.
      const known = knownError(error);
      if (known) {
        log.failure(path.join('.'), known);
        throw new ORPCError(known.code, { message: known.message, data: known.toJSON() });
      }
      const unfit = error instanceof ORPCError && error.status === 400; // what was asked: whoever did is told
      if (unfit) log.failure(path.join('.'), error);
      else log.fault(path.join('.'), error);
      throw error;
    }
  });
}
