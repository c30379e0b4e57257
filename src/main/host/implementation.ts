import { implement, ORPCError } from '@orpc/server';
import type { Log } from '../log/index.ts';
import { contract } from '../../shared/contract/studio.ts';
import { StudioError } from '../../shared/contract/index.ts';

/** What every answer to a window goes through; failures are logged on the way. */
export function implementation(log: Log) {
  return implement(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (error) {
      // The window shows the studio's own words; of anything else it learns only that it failed.
      if (error instanceof StudioError) {
        log.failure(path.join('.'), error);
        throw new ORPCError(error.code, { message: error.message, data: error.toJSON() });
      }
      log.fault(path.join('.'), error);
      throw error;
    }
  });
}
