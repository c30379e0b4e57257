import type { z } from 'zod';
import { StudioError, exitCodeFor } from '../../shared/contract/index.ts';
import { asStudioError } from '../../shared/domain/system-error.ts';
import { escapedControls, withoutControls } from '../../shared/domain/plain-text.ts';
import type { Unanswered } from '../studio/ground/watch-opening.ts';
import { SILENT_DISK } from '../studio/library-dir.ts';

/** Where a command's words go: results to standard output, everything else to standard error. */
export interface Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly out: NodeJS.WritableStream;
  readonly log: NodeJS.WriteStream;
}

/** A remark on the way: what is happening, what was reused. */
export function note(terminal: Terminal, line: string): void {
  terminal.log.write(`${withoutControls(line)}\n`);
}

/** The command's one result: a JSON document that fits its schema, or the lines a person reads. */
export function answer<Schema extends z.ZodType>(
  terminal: Terminal,
  schema: Schema,
  result: z.input<Schema>,
  lines: readonly string[],
): void {
  const checked = schema.safeParse(result);
  if (!checked.success) {
    throw new StudioError({
      code: 'internal',
      message: 'The result does not have the shape this command promises.',
      hint: 'Please report this; the work itself is done and saved.',
      detail: checked.error.message,
    });
  }
  terminal.out.write(
    terminal.json
      ? `${escapedControls(JSON.stringify(checked.data, null, 2))}\n`
      : `${withoutControls(lines.join('\n'))}\n`,
  );
}

/** The last words of a command whose library's disk never answers: nothing can be shown in the usual way then. */
export function unanswered(terminal: Terminal): Unanswered {
  return terminal.json
    ? { text: `${escapedControls(JSON.stringify({ error: SILENT_DISK.toJSON() }, null, 2))}\n`, to: 'stdout' }
    : { text: `\n${SILENT_DISK.message}\n${SILENT_DISK.hint}\n`, to: 'stderr' };
}

/** Shows what went wrong and what to do next; returns the exit code. */
export function explain(terminal: Terminal, failure: unknown): number {
  const error = asStudioError(failure);
  if (terminal.json) {
    terminal.out.write(`${escapedControls(JSON.stringify({ error: error.toJSON() }, null, 2))}\n`);
  } else {
    note(terminal, `\n${error.message}`);
    if (error.hint) note(terminal, error.hint);
    if (error.detail && terminal.verbose) note(terminal, `\n${error.detail}`);
    else if (error.detail) note(terminal, '(--verbose shows the technical detail.)');
  }
  return exitCodeFor(error.code);
}
