/** A file that is given beside a project's video, and whether it shall be taken. */
export interface OddInput {
  readonly way: 'captions' | 'script' | 'list' | 'background' | 'sound' | 'video' | 'voice' | 'proof';
  /** With its ending. */
  readonly name: string;
  readonly takes: 'taken' | 'refused' | 'either';
  readonly made:
    | { readonly bytes: Buffer | string }
    /** By ffmpeg, of what these words say. */
    | { readonly args: readonly string[] }
    | { readonly link: string }
    | { readonly is: 'folder' | 'pipe' };
}

/** One of a way's table: what it is called, whether it shall be taken, and its bytes or the words for ffmpeg. */
export type OddRow = readonly [
  name: string,
  takes: OddInput['takes'],
  made: Buffer | string | readonly string[] | Exclude<OddInput['made'], { bytes: unknown } | { args: unknown }>,
];

export const givenAs = (way: OddInput['way'], rows: readonly OddRow[]): OddInput[] =>
  rows.map(([name, takes, made]) => ({ way, name, takes, made: asMade(made) }));

function asMade(made: OddRow[2]): OddInput['made'] {
  if (typeof made === 'string' || Buffer.isBuffer(made)) return { bytes: made };
  return 'link' in made || 'is' in made ? made : { args: made };
}
