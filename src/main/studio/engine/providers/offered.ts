import { existsSync, readFileSync } from 'node:fs';
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

/** CUDA's part of ONNX Runtime, which does not come with it. */
const CUDA: Partial<Record<string, string>> = {
  win32: 'onnxruntime_providers_cuda.dll',
  linux: 'libonnxruntime_providers_cuda.so',
};
/** What WebGPU draws by on Linux, and where the system says which libraries it has. */
const VULKAN = 'libvulkan.so.1';
const LINUX_LIBRARIES = '/etc/ld.so.cache';

/** What the ONNX Runtime that is installed can try here. Raises where it cannot be loaded. */
export async function offerHere(): Promise<Offer> {
  const { env, listSupportedBackends } = await import('onnxruntime-node');
  const usable = listSupportedBackends().filter(({ name, bundled }) => name !== 'cpu' && isUsable(name, bundled));
  const names: readonly string[] = usable.map(({ name }) => name);
  const offered: Provider[] = ['cpu', ...Provider.options.filter((provider) => names.includes(provider))];
  return { version: env.versions.node!, offered };
}

/** Asked for without what it needs, a provider complains to the terminal. */
function isUsable(name: string, bundled: boolean): boolean {
  if (name === 'webgpu' && process.platform === 'linux')
    return existsSync(LINUX_LIBRARIES) && readFileSync(LINUX_LIBRARIES).includes(VULKAN);
  return bundled || (name === 'cuda' && hasCuda());
}

function hasCuda(): boolean {
  const library = CUDA[process.platform];
  if (!library) return false;
  const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-node'));
  return existsSync(join(dist, '..', 'bin', 'napi-v6', process.platform, process.arch, library));
}
