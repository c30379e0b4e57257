import { StudioError } from '../../../../shared/contract/index.ts';

/** A bundle we will not open: what is wrong with it, and the same way out every time. */
export function badBundle(message: string, detail?: string, cause?: unknown): StudioError {
  return new StudioError(
    {
      code: 'bad-bundle',
      message,
      hint: 'Export the avatar again, or fetch the file again from where it came from.',
      detail,
    },
    { cause },
  );
}

/** A whole bundle that another version of the program wrote in another form. */
export function otherVersion(newer: boolean, detail?: string): StudioError {
  return new StudioError({
    code: 'bad-bundle',
    message: newer
      ? 'This avatar was made by a newer Likeness.'
      : 'This avatar was made by an older Likeness, whose avatars this one cannot read.',
    hint: newer ? 'Update Likeness.' : 'Train the avatar again.',
    detail,
  });
}
