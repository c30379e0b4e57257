/** Running ffmpeg: bytes in, bytes or a file out, and its failures as errors that a person can act on. */
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FfmpegCommand, ffmpegArguments } from './arguments.ts';
import { cancelled, endFailure, type MediaRole } from './failure.ts';
import { type Program, startProgram } from './program.ts';
import type { MediaTools } from './tools.ts';

export interface FfmpegJob extends FfmpegCommand {
  readonly role: MediaRole;
  /** Kills it. */
  readonly signal?: AbortSignal | undefined;
}

/** So much is decoded ahead of its reader, bytes. */
const AHEAD = 1 << 21;

/**
 * What ffmpeg writes to its standard output, as fast as it is taken. It ends when ffmpeg has ended well, however long
 * after its last byte that is. Raises StudioError: 'cancelled' after the signal, else by how ffmpeg ended and what it
 * said. Leaving the loop early ends ffmpeg.
 */
export async function* ffmpegOutput(
  tools: MediaTools,
  job: Omit<FfmpegJob, 'target'>,
): AsyncGenerator<Buffer, void, undefined> {
  if (job.signal?.aborted) throw cancelled();
  const ffmpeg = startFfmpeg(tools, { ...job, target: null });
  const ahead = new PassThrough({ highWaterMark: AHEAD });
  pipeline(ffmpeg.stdout!, ahead).catch(() => undefined); // said by `ahead` as well
  try {
    for await (const chunk of ahead) yield chunk as Buffer;
    await endedWell(ffmpeg, job);
  } catch (error) {
    await endedWell(ffmpeg, job); // how it ended says more than its broken pipe
    throw error;
  } finally {
    ffmpeg.kill();
  }
}

/** An ffmpeg that is fed: raw bytes go in, a file comes out. */
export interface FedFfmpeg {
  /**
   * Resolves when the bytes have gone: their buffer is the caller's again. Raises what the pipe says when ffmpeg no
   * longer reads.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Tells ffmpeg that this was all. */
  finish(): void;
  /** Resolves when ffmpeg has ended well; raises StudioError as `ffmpegOutput` does. */
  readonly ended: Promise<void>;
}

export function feedFfmpeg(tools: MediaTools, job: FfmpegJob): FedFfmpeg {
  const ffmpeg = startFfmpeg(tools, job);
  const stdin = ffmpeg.stdin!;
  return { send: (bytes) => written(stdin, bytes), finish: () => void stdin.end(), ended: endedWell(ffmpeg, job) };
}

function startFfmpeg(tools: MediaTools, job: FfmpegJob): Program {
  return startProgram(tools.ffmpeg, ffmpegArguments(job), {
    stdin: job.inputs.some(({ file }) => file === null),
    stdout: job.target === null,
    signal: job.signal,
  });
}

async function endedWell(ffmpeg: Program, { role, signal }: Pick<FfmpegJob, 'role' | 'signal'>): Promise<void> {
  const failure = endFailure(role, await ffmpeg.ended);
  if (signal?.aborted) throw cancelled();
  if (failure) throw failure;
}

function written(stdin: Writable, bytes: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stdin.write(bytes, (error) => (error ? reject(error) : resolve()));
  return promise;
}
