/**
 * The one place that starts ffmpeg. Arguments are always a list, never a line for a shell, and inputs may
 * only be plain files of known containers: a playlist in disguise must not make ffmpeg open other files or the network.
 */
import { PassThrough, Readable, type Writable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { resolve } from 'node:path';
import { cancelled, mediaFailure, type MediaRole } from './failure.ts';
import type { MediaTools } from './tools.ts';

export const PROTOCOLS = 'file,pipe,fd';
export const FORMATS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,wav,w64,mp3,flac,ogg,aac,aiff,mpegts,mpeg,asf';

/**
 * Bytes for ffmpeg's standard input. fluent-ffmpeg would pipe a stream into it, which holds on to chunks for an unknown
 * time; this one takes the other end instead, so that a write ends when its bytes have gone and their buffer is free.
 */
export class RawInput extends Readable {
  readonly #stdin = Promise.withResolvers<Writable>();

  override _read(): void {}

  override pipe<Target extends NodeJS.WritableStream>(target: Target): Target {
    this.#stdin.resolve(target as unknown as Writable);
    return target;
  }

  /** Raises what the pipe says when ffmpeg no longer reads. */
  async send(bytes: Uint8Array): Promise<void> {
    const stdin = await this.#stdin.promise;
    const { promise, resolve: sent, reject } = Promise.withResolvers<void>();
    stdin.write(bytes, (error) => (error ? reject(error) : sent()));
    return promise;
  }

  /** Tells ffmpeg that this was all. */
  async finish(): Promise<void> {
    (await this.#stdin.promise).end();
  }
}

export interface FfmpegInput {
  /** A file's path, or raw bytes (one at most). */
  readonly source: string | RawInput;
  readonly options?: readonly string[];
}

export interface FfmpegJob {
  readonly inputs: readonly FfmpegInput[];
  /** Output options, filters included. */
  readonly options: readonly string[];
  /** A file's path (written over), or a stream. */
  readonly target: string | Writable;
  readonly role: MediaRole;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when ffmpeg has finished well. Raises StudioError: 'cancelled' after the signal, else by what ffmpeg said.
 */
export function runFfmpeg(tools: MediaTools, job: FfmpegJob): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  if (job.signal?.aborted) return Promise.reject(cancelled());
  const command = ffmpeg({ stdoutLines: 200 }).setFfmpegPath(tools.ffmpeg);
  for (const { source, options = [] } of job.inputs) {
    if (typeof source === 'string') {
      command
        .input(resolve(source))
        .inputOptions('-protocol_whitelist', PROTOCOLS, '-format_whitelist', FORMATS, ...options);
    } else {
      command.input(source).inputOptions('-thread_queue_size', '1', ...options);
    }
  }
  // Two or more arguments, so that fluent-ffmpeg leaves a value with a space in it whole.
  command.outputOptions('-v', 'error', ...job.options);
  const abort = (): void => void command.kill('SIGKILL');
  command.on('start', () => {
    if (job.signal?.aborted) abort();
    job.signal?.addEventListener('abort', abort, { once: true });
  });
  command.on('end', () => {
    job.signal?.removeEventListener('abort', abort);
    done();
  });
  command.on('error', (error: Error, _stdout: unknown, stderr: unknown) => {
    job.signal?.removeEventListener('abort', abort);
    reject(
      job.signal?.aborted
        ? cancelled()
        : mediaFailure(job.role, `${typeof stderr === 'string' ? stderr : ''}\n${error.message}`),
    );
  });
  if (typeof job.target === 'string') command.output(resolve(job.target)).run();
  else command.output(job.target, { end: true }).run();
  return promise;
}

/** ffmpeg's output as a stream of bytes; destroying it ends ffmpeg. A failure is the stream's error. */
export function ffmpegOutput(tools: MediaTools, job: Omit<FfmpegJob, 'target'>): PassThrough {
  const gate = new AbortController();
  const signal = job.signal ? AbortSignal.any([job.signal, gate.signal]) : gate.signal;
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  // fluent-ffmpeg ends the stream itself before it knows how ffmpeg ended, so the end is held back until it does.
  const inner = new PassThrough({ highWaterMark: 1 << 20 });
  inner.pipe(stream, { end: false });
  stream.once('close', () => gate.abort());
  runFfmpeg(tools, { ...job, target: inner, signal }).then(
    () => (inner.readableEnded ? stream.end() : inner.once('end', () => stream.end())),
    (error: Error) => stream.destroy(error),
  );
  return stream;
}
