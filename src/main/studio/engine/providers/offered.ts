import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Provider } from '../../../../shared/contract/providers.ts';

/** What there is to choose from. */
export interface Offer {
  /** Of ONNX Runtime. */
  readonly version: string;
  /** The processor first. */
  readonly offered: readonly Provider[];
}

/** What of ONNX Runtime's build needs a library that does not come with it. */
const LIBRARIES: Partial<Record<string, string>> = {
  win32: 'onnxruntime_providers_cuda.dll',
  linux: 'libonnxruntime_providers_cuda.so',
};

/** What the ONNX Runtime that is installed can try here. Raises where it cannot be loaded. */
export async function offerHere(): Promise<Offer> {
  const { env, listSupportedBackends } = await import('onnxruntime-node');
  const beside = listSupportedBackends().filter(({ name, bundled }) => name !== 'cpu' && (bundled || hasLibrary()));
  const names: readonly string[] = beside.map(({ name }) => name);
  const offered: Provider[] = ['cpu', ...Provider.options.filter((provider) => names.includes(provider))];
  return { version: env.versions.node!, offered };
}

/** Asked for without it, ONNX Runtime complains to the terminal. */
function hasLibrary(): boolean {
  const name = LIBRARIES[process.platform];
  if (!name) return false;
  const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-node'));
  return existsSync(join(dist, '..', 'bin', 'napi-v6', process.platform, process.arch, name));
}
