import { z } from 'zod';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import { LiveRequest } from '../../../shared/contract/live.ts';
import { knownError } from '../../../shared/domain/system-error.ts';

/** A message of the window, or why it is none and, where it can be told, which. */
export type Understood =
  | { readonly kind: 'request'; readonly request: LiveRequest }
  | { readonly kind: 'refused'; readonly serial: number | null; readonly error: StudioError };

/** Larger than any message of ours: a take holds some hundred kilobytes at most. */
const LONGEST_MESSAGE = 1 << 20;
const Numbered = z.object({ serial: z.int().min(0) });

export function understand(message: unknown): Understood {
  if (typeof message !== 'string' || message.length > LONGEST_MESSAGE)
    return { kind: 'refused', serial: null, error: refusal('A message is a text of at most a megabyte.') };
  const json = parse(message);
  const request = LiveRequest.safeParse(json);
  if (request.success) return { kind: 'request', request: request.data };
  return {
    kind: 'refused',
    serial: Numbered.safeParse(json).data?.serial ?? null,
    error: refusal('This message does not fit.', z.prettifyError(request.error)),
  };
}

export function refusal(message: string, detail?: string): StudioError {
  return new StudioError({ code: 'bad-request', message, hint: 'Reload the window.', detail });
}

/** What the window is told. */
export function shapeOf(error: unknown): StudioErrorShape {
  const known = knownError(error);
  if (known) return known.toJSON();
  return {
    code: 'internal',
    message: 'The live picture failed.',
    hint: 'Reload the window; if it happens again, send a debug report.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
