/** What networks run on: the processor, or what of this computer is faster and answers alike. */
export { chooseProviders, type ChosenProvider, type Networks, refuse } from './choose.ts';
export { ProviderMemory } from './memory.ts';
export { type Offer, offerHere } from './offered.ts';
export { runnable, type Network, type OpenNetwork } from './runnable.ts';
