import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/studio.ts';
import { StudioError } from '../../shared/contract/index.ts';

/** What every answer to a window goes through. */
export function implementation() {
  return implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      // The window shows the studio's own words; of anything else it learns only that it failed.
      if (error instanceof StudioError)
        throw new ORPCError(error.code, { message: error.message, data: error.toJSON() });
      throw error;
    }
  });
}
