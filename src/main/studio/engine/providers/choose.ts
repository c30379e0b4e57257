import type {
  NetworkProvider,
  Provider,
  ProviderChoice,
  TriedProvider,
} from '../../../../shared/contract/providers.ts';
import { isAlike, ProviderMemory } from './memory.ts';
import type { Offer } from './offered.ts';
import type { OpenNetwork } from './runnable.ts';
import { difference, type Feeds, feedsOf, type Pass, timedPass } from './trial.ts';

/** A provider has to be so much faster than the processor: pictures to and from a graphics card have their own cost. */
const LEAST_GAIN = 1.25;

/** What an avatar's networks may run on. */
export interface Networks {
  readonly choice: ProviderChoice;
  /** The file in which what was found out is remembered. */
  readonly memory: string;
  /** Names this start of the program, whose threads share it. */
  readonly run: string;
}

/** One of an avatar's networks. */
export interface Candidate {
  readonly file: string;
  readonly bytes: number;
  readonly open: OpenNetwork;
}

/** What one of an avatar's networks runs on. Plain data, which goes from thread to thread. */
export interface ChosenProvider {
  readonly provider: Provider;
  /** Where a failure is to be remembered; of what a person chose nowhere. */
  readonly remembered?: { readonly memory: string; readonly network: NetworkProvider; readonly offer: Offer };
}

/**
 * What each network runs on. Of `auto`, what was remembered; what was not is tried once: a provider has to open the
 * network, answer as the processor does (`TOLERANCE`) and be faster. Raises nothing but what opening a network on the
 * processor raises.
 */
export async function chooseProviders(
  candidates: readonly Candidate[],
  { choice, memory: path, run }: Networks,
  offer: Offer,
): Promise<ReadonlyMap<string, ChosenProvider>> {
  const { version, offered } = offer;
  if (choice !== 'auto') {
    const provider = offered.includes(choice) ? choice : 'cpu';
    return new Map(candidates.map(({ file }) => [file, { provider }]));
  }
  if (offered.length === 1) return new Map();
  const memory = new ProviderMemory(path, version, offered);
  const known = await memory.networks();
  const chosen = new Map<string, ChosenProvider>();
  const useless = new Map<Provider, string>(); // what opens one network not at all opens none
  for (const candidate of candidates) {
    let network = known.find((one) => isAlike(one, candidate));
    if (!network) {
      network = await tried(candidate, offered.slice(1), { memory, run, useless });
      if (network) await memory.remember(network);
    }
    if (network)
      chosen.set(candidate.file, { provider: network.provider, remembered: { memory: path, network, offer } });
  }
  return chosen;
}

/** Remembers that a provider failed with a network that it was chosen for: from now on that runs on the processor. */
export async function refuse({ provider, remembered }: ChosenProvider, why: string): Promise<void> {
  if (!remembered) return;
  const { memory, network, offer } = remembered;
  const others = network.tried.filter((one) => one.provider !== provider);
  await new ProviderMemory(memory, offer.version, offer.offered).remember({
    ...network,
    provider: 'cpu',
    tried: [...others, { provider, ms: null, refused: inShort(why) }],
  });
}

/** What tries a program's networks. */
interface Trials {
  readonly memory: ProviderMemory;
  readonly run: string;
  /** Why these open nothing. */
  readonly useless: Map<Provider, string>;
}

/** Undefined where nothing may be tried now (`ProviderMemory.during`): then the processor serves this time. */
async function tried(
  { file, bytes, open }: Candidate,
  providers: readonly Provider[],
  { memory, run, useless }: Trials,
): Promise<NetworkProvider | undefined> {
  const processor = onProcessor(open);
  const results: TriedProvider[] = [];
  for (const provider of providers) {
    const known = useless.get(provider);
    if (known !== undefined) {
      results.push({ provider, ms: null, refused: known });
      continue;
    }
    const result = await memory.during({ provider, run }, () => withProvider(open, provider, processor));
    if (!('ended' in result)) {
      if (!result.opened && result.refused) useless.set(provider, result.refused);
      const { opened: _, ...told } = result;
      results.push(told);
    } else if (result.ended) results.push({ provider, ms: null, refused: 'the program ended while it was tried' });
    else return undefined;
  }
  const own: TriedProvider = { provider: 'cpu', ms: processor.pass?.ms ?? null };
  const fit = results.filter(({ ms, refused }) => ms !== null && !refused && ms * LEAST_GAIN <= (own.ms ?? 0));
  const best = fit.toSorted((a, b) => a.ms! - b.ms!)[0];
  return { file, bytes, provider: best?.provider ?? 'cpu', tried: [own, ...results] };
}

/** What the processor answers, found out when the first provider has opened the network. */
interface Processor {
  readonly ask: () => Promise<{ readonly feeds: Feeds; readonly pass: Pass }>;
  readonly pass: Pass | undefined;
}

function onProcessor(open: OpenNetwork): Processor {
  let answered: { readonly feeds: Feeds; readonly pass: Pass } | undefined;
  return {
    get pass() {
      return answered?.pass;
    },
    async ask() {
      if (answered) return answered;
      const network = await open('cpu');
      try {
        const feeds = feedsOf(network);
        return (answered = { feeds, pass: await timedPass(network, feeds) });
      } finally {
        await network.release();
      }
    },
  };
}

async function withProvider(
  open: OpenNetwork,
  provider: Provider,
  processor: Processor,
): Promise<TriedProvider & { readonly opened: boolean }> {
  let opened = false;
  try {
    const network = await open(provider);
    opened = true;
    try {
      const { feeds, pass } = await processor.ask();
      const { ms, answers } = await timedPass(network, feeds);
      const refused = difference(answers, pass.answers);
      return { provider, ms, opened, ...(refused ? { refused } : {}) };
    } finally {
      await network.release();
    }
  } catch (cause) {
    return { provider, ms: null, opened, refused: inShort(String(cause)) };
  }
}

const MOST_LETTERS = 200;

/** Without the places in ONNX Runtime's source that its errors begin with. */
function inShort(why: string): string {
  const message = why.replace(/^Error: /, '').replace(/^[^\n]* was false\. /, '');
  return message.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_LETTERS);
}
