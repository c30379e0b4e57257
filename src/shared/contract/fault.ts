import { z } from 'zod';

/** How much of a fault is told, in characters: enough for a stack, too little to fill a disk. */
const MESSAGE = 1000;
const STACK = 6000;
const WHERE = 120;

/** Something that went wrong in a window and that nobody expected. */
export const WindowFault = z.object({
  message: z.string().max(MESSAGE),
  stack: z.string().max(STACK),
  where: z.string().max(WHERE), // what was being done or shown: "timeline", "unhandled rejection"
});
export type WindowFault = z.infer<typeof WindowFault>;

/** Whatever was thrown, cut to what may be sent. */
export function windowFault(error: unknown, where: string): WindowFault {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return { message: message.slice(0, MESSAGE), stack: stack.slice(0, STACK), where: where.slice(0, WHERE) };
}
