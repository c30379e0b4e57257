/** A file as people have them, made by ffmpeg of four seconds of the synthetic person: 32 frames, 512x512, a sound. */
export interface OddFile {
  /** With its ending. */
  readonly name: string;
  /** What is between the inputs and the file. */
  readonly args: readonly string[];
  /** Inputs after the base, each with its options; `BASE` stands for the base itself. */
  readonly inputs?: readonly string[];
  /** What the file is afterwards: a share of its bytes, from and to. */
  readonly cut?: readonly [number, number];
  /** Its bytes, where no ffmpeg is asked. */
  readonly bytes?: Buffer;
  /** Of a second part of it, whose bytes follow: what is between the base and that. */
  readonly second?: readonly string[];
  /** What is imported is a link to it. */
  readonly link?: boolean;
  readonly takes: 'taken' | 'refused' | 'either';
  /** As many frames, of the same size and colours, as the base: an avatar of the base can dub it. */
  readonly same?: boolean;
  /** Frames it has, where that is certain. */
  readonly frames?: number;
}

export const RATE = 8; // frames a second: few are enough
export const FRAMES = 32;
export const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '14', '-pix_fmt', 'yuv420p'];
export const AAC = ['-c:a', 'aac'];
export const MP4 = [...X264, ...AAC];

export const taken = (name: string, args: readonly string[], more: Partial<OddFile> = {}): OddFile => ({
  name,
  args,
  takes: 'taken',
  ...more,
});
export const alike = (name: string, args: readonly string[], more: Partial<OddFile> = {}): OddFile =>
  taken(name, args, { same: true, frames: FRAMES, ...more });
export const bytes = (name: string, content: string | Buffer): OddFile => ({
  name,
  args: [],
  bytes: Buffer.from(content as string),
  takes: 'refused',
});
