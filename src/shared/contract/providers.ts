import { z } from 'zod';

/** What ONNX Runtime can run a network on, by its own names. The processor is always there. */
export const Provider = z.enum(['cpu', 'cuda', 'dml', 'coreml', 'webgpu']);
export type Provider = z.infer<typeof Provider>;

/** `auto`: by what was tried on this computer. */
export const ProviderChoice = z.enum(['auto', ...Provider.options]);
export type ProviderChoice = z.infer<typeof ProviderChoice>;

/** What came of trying a provider with a network. */
export const TriedProvider = z.object({
  provider: Provider,
  ms: z.number().nullable(), // of one pass, the middle of some; null where it did not come to that
  refused: z.string().optional(), // why it is not used, in words; of those that would be, but are slower, nothing
});
export type TriedProvider = z.infer<typeof TriedProvider>;

/** What a network runs on, and why. */
export const NetworkProvider = z.object({
  file: z.string(), // of the avatar
  bytes: z.int(), // avatars whose networks are of one size have the same
  provider: Provider,
  tried: z.array(TriedProvider),
});
export type NetworkProvider = z.infer<typeof NetworkProvider>;

/** What avatars' networks run on here: what was asked for, what there is to try, what was found. */
export const ProvidersHere = z.object({
  choice: ProviderChoice,
  offered: z.array(Provider),
  found: z.array(NetworkProvider),
});
