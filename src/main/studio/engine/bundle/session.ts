import type { InferenceSession } from 'onnxruntime-node';
import { GRAPHS } from '../../../../shared/format/index.ts';
import type { Bundle } from './bundle.ts';
import { badBundle } from './refusal.ts';

export interface SessionOptions {
  readonly threads: number;
  /** Keeps 8-bit products from saturating on processors without VNNI. */
  readonly exact?: boolean;
  /**
   * Threads with nothing to do yet wait at work: the next of a frame's many steps begins sooner. Without it a sound is
   * heard as soon, for half the processor time, which pictures have use for.
   */
  readonly spinning?: boolean;
}

/** A session on the bundle's model. Raises StudioError('bad-bundle') when ONNX Runtime cannot run it or its ports differ. */
export async function openSession(
  bundle: Bundle,
  file: string,
  { threads, exact = false, spinning = false }: SessionOptions,
): Promise<InferenceSession> {
  // Threads that only draw go without it.
  const { InferenceSession: Sessions } = await import('onnxruntime-node');
  let session: InferenceSession;
  try {
    session = await Sessions.create(bundle.files.get(file)!, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      enableMemPattern: false, // one block for the whole run costs 35 MB more and saves no time
      // what one sound took would stay taken, 100 MB of it, beside the next avatar's; without it nothing is slower
      enableCpuMemArena: false,
      logSeverityLevel: 3,
      // near-empty rays would crawl through denormals otherwise
      extra: {
        session: {
          set_denormal_as_zero: '1',
          intra_op: { allow_spinning: spinning ? '1' : '0' },
          ...(exact ? { x64quantprecision: '1' } : {}),
        },
      },
    });
  } catch (cause) {
    throw badBundle(`The avatar's model ${file} cannot be run.`, String(cause), cause);
  }
  const { inputs, outputs } = GRAPHS[file]!;
  const expected = Object.entries({ ...inputs, ...outputs }).flatMap(([name, { optional }]) =>
    optional ? [] : [name],
  );
  const found = [...session.inputNames, ...session.outputNames];
  if (
    expected.some((port) => !found.includes(port)) ||
    session.inputNames.some((port) => !Object.hasOwn(inputs, port))
  ) {
    await session.release();
    throw badBundle(
      `The avatar's model ${file} does not fit the format.`,
      `It has ${found.join(', ')}; expected ${expected.join(', ')}.`,
    );
  }
  return session;
}

/** Sessions on several of its models, all or none. Raises StudioError('bad-bundle'). */
export async function openSessions(
  bundle: Bundle,
  files: readonly string[],
  options: SessionOptions,
): Promise<InferenceSession[]> {
  const sessions: InferenceSession[] = [];
  try {
    for (const file of files) sessions.push(await openSession(bundle, file, options));
    return sessions;
  } catch (error) {
    await Promise.all(sessions.map((session) => session.release()));
    throw error;
  }
}
