import type { InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../../../shared/contract/providers.ts';

/** A network that is open. */
export type Network = Pick<
  InferenceSession,
  'run' | 'release' | 'inputNames' | 'outputNames' | 'inputMetadata' | 'outputMetadata'
>;
export type OpenNetwork = (provider: Provider) => Promise<Network>;

/**
 * A network on a provider; on the processor from its first failure on, at opening or later, which `failed` is told.
 * What fails on the processor too is the network's own fault, and raised.
 */
export async function runnable(
  open: OpenNetwork,
  provider: Provider,
  failed: (why: string) => Promise<void>,
): Promise<Network> {
  if (provider === 'cpu') return open('cpu');
  let network: Network;
  try {
    network = await open(provider);
  } catch (cause) {
    network = await open('cpu');
    await failed(String(cause));
    return network;
  }
  let isSafe = false;
  const run = async (...how: [never, never, never]): Promise<InferenceSession.ReturnType> => {
    if (isSafe) return network.run(...how);
    try {
      return await network.run(...how);
    } catch (cause) {
      const onProcessor = await open('cpu');
      await network.release().catch(() => undefined);
      [network, isSafe] = [onProcessor, true];
      const answer = await network.run(...how);
      await failed(String(cause));
      return answer;
    }
  };
  const { inputNames, outputNames, inputMetadata, outputMetadata } = network;
  const ports = { inputNames, outputNames, inputMetadata, outputMetadata };
  return { ...ports, run: run as Network['run'], release: () => network.release() };
}
