import '../../ground/no-telemetry.ts';
import type { InferenceSession } from 'onnxruntime-node';
import { GRAPHS } from '../../../../shared/format/index.ts';
import type { Provider } from '../../../../shared/contract/providers.ts';
import {
  chooseProviders,
  type Network,
  type Networks,
  type Offer,
  offerHere,
  refuse,
  runnable,
} from '../providers/index.ts';
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

/** ONNX Runtime opening one of a bundle's models on a provider; tests have one of their own. */
export type OpenModel = (model: Uint8Array, options: SessionOptions, provider: Provider) => Promise<Network>;

/** How ONNX Runtime runs a network. */
export function runtimeOptions(
  { threads, exact = false, spinning = false }: SessionOptions,
  provider: Provider = 'cpu',
): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // one block for the whole run costs 35 MB more and saves no time
    // what one sound took would stay taken, 100 MB of it, beside the next avatar's; without it nothing is slower
    enableCpuMemArena: false,
    logSeverityLevel: provider === 'cpu' ? 3 : 4, // why a provider cannot be had is no news on a terminal
    extra: {
      session: {
        set_denormal_as_zero: '1', // near-empty rays would crawl through denormals otherwise
        intra_op: { allow_spinning: spinning ? '1' : '0' },
        ...(exact ? { x64quantprecision: '1' } : {}),
      },
    },
  };
}

const openModel: OpenModel = async (model, options, provider) => {
  // Threads that only draw go without it.
  const { InferenceSession: Sessions } = await import('onnxruntime-node');
  return Sessions.create(model, runtimeOptions(options, provider));
};

/** A bundle whose networks run on what was found fastest here, or was chosen. Raises as `openSession`. */
export async function withProviders(
  bundle: Bundle,
  networks: Networks,
  threads: number,
  { open = openModel, offer = offerHere }: { open?: OpenModel; offer?: () => Promise<Offer> } = {},
): Promise<Bundle> {
  if (networks.choice === 'cpu') return bundle;
  const candidates = Object.keys(GRAPHS).flatMap((file) => {
    const model = bundle.files.get(file);
    if (!model) return [];
    return [
      {
        file,
        bytes: model.byteLength,
        open: (provider: Provider) => open(model, { threads, spinning: file.startsWith('render') }, provider),
      },
    ];
  });
  return { ...bundle, runsOn: await chooseProviders(candidates, networks, await offer()) };
}

/** The bundle with a network on the processor, since its provider was wrong; undefined if it is there already. */
export async function withoutProvider(bundle: Bundle, file: string, why: string): Promise<Bundle | undefined> {
  const chosen = bundle.runsOn?.get(file);
  if (!chosen || chosen.provider === 'cpu') return undefined;
  await refuse(chosen, why);
  return { ...bundle, runsOn: new Map([...bundle.runsOn!].filter(([name]) => name !== file)) };
}

/**
 * A session on the bundle's model. Raises StudioError('bad-bundle') when ONNX Runtime cannot run it or its ports
 * differ.
 */
export async function openSession(
  bundle: Bundle,
  file: string,
  options: SessionOptions,
  open: OpenModel = openModel,
): Promise<Network> {
  const chosen = bundle.runsOn?.get(file);
  let session: Network;
  try {
    session = await runnable(
      (provider) => open(bundle.files.get(file)!, options, provider),
      chosen?.provider ?? 'cpu',
      async (why) => chosen && refuse(chosen, why),
    );
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
): Promise<Network[]> {
  const sessions: Network[] = [];
  try {
    for (const file of files) sessions.push(await openSession(bundle, file, options));
    return sessions;
  } catch (error) {
    await Promise.all(sessions.map((session) => session.release()));
    throw error;
  }
}
