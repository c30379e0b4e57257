import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Provider } from '../../../../shared/contract/providers.ts';
import { chooseProviders, type Network, type Offer, ProviderMemory, refuse, runnable } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-providers-'));
afterAll(() => rm(folder, { recursive: true }));
let memory: string;
let now = 0;
beforeEach(() => {
  memory = join(folder, `${crypto.randomUUID()}.json`);
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

/** How a provider that is not there behaves: a pass takes `ms` of a clock of its own, and its answers are off. */
interface Behaviour {
  readonly ms?: number;
  readonly off?: number;
  readonly opens?: false;
  readonly runs?: false;
}
const opened: string[] = [];

/** A network with a sound as its input and a number for each of its samples. */
const network =
  (behaviours: Partial<Record<Provider, Behaviour>>, file = 'speech.onnx') =>
  async (provider: Provider): Promise<Network> => {
    const { ms = 10, off = 0, opens = true, runs = true } = behaviours[provider] ?? {};
    opened.push(`${file} ${provider}`);
    if (!opens) throw new Error('there is no such card');
    return {
      inputNames: ['waveform'],
      outputNames: ['features'],
      inputMetadata: [{ name: 'waveform', isTensor: true, type: 'float32', shape: [1, 'N'] }],
      run: async ({ waveform }: Record<string, Tensor>) => {
        now += ms;
        if (!runs) throw new Error('the card was lost');
        const values = Float32Array.from(waveform!.data as Float32Array, (value) => 100 * value + off);
        return { features: new Tensor('float32', values, waveform!.dims) };
      },
      release: async () => undefined,
    } as unknown as Network;
  };

const here: Offer = { version: '1.30.0', offered: ['cpu', 'cuda', 'webgpu'] };
const chosenOf = async (
  behaviours: Partial<Record<Provider, Behaviour>>,
  { offer = here, bytes = 7 }: { readonly offer?: Offer; readonly bytes?: number } = {},
) => {
  opened.length = 0;
  const candidate = { file: 'speech.onnx', bytes, open: network(behaviours) };
  return (await chooseProviders([candidate], { choice: 'auto', memory, run: 'this' }, offer)).get('speech.onnx');
};
const remembered = (offer = here) => new ProviderMemory(memory, offer.version, offer.offered).networks();

describe('what a network runs on', () => {
  it('is the fastest that answers as the processor does, and is remembered', async () => {
    const how = { cuda: { ms: 5 }, webgpu: { ms: 2, off: 0.01 } };
    expect((await chosenOf(how))?.provider).toBe('webgpu');
    expect(opened).toEqual(['speech.onnx cuda', 'speech.onnx cpu', 'speech.onnx webgpu']);
    expect(await remembered()).toEqual([
      {
        file: 'speech.onnx',
        bytes: 7,
        provider: 'webgpu',
        tried: [
          { provider: 'cpu', ms: 10 },
          { provider: 'cuda', ms: 5 },
          { provider: 'webgpu', ms: 2 },
        ],
      },
    ]);
    expect((await chosenOf(how))?.provider).toBe('webgpu');
    expect(opened).toEqual([]);
  });

  it('is tried anew for a network of another size, with another version, and where there is more to try', async () => {
    await chosenOf({ cuda: { ms: 5 } });
    expect((await chosenOf({ cuda: { ms: 20 }, webgpu: { ms: 20 } }, { bytes: 8 }))?.provider).toBe('cpu');
    expect((await chosenOf({}, { offer: { ...here, version: '1.31.0' } }))?.provider).toBe('cpu');
    expect((await chosenOf({ dml: { ms: 1 } }, { offer: { ...here, offered: ['cpu', 'dml'] } }))?.provider).toBe('dml');
    expect((await chosenOf({}))?.provider).toBe('cuda');
  });

  const refused = (ms: number | null, why: RegExp) => ({ ms, refused: expect.stringMatching(why) });
  it.each([
    ['answers otherwise', { ms: 1, off: 1 }, refused(1, /features differs by 1\.0/)],
    ['answers with no numbers', { ms: 1, off: NaN }, refused(1, /features differs by NaN/)],
    ['does not open it', { opens: false }, refused(null, /^there is no such card$/)],
    ['fails in a pass', { runs: false }, refused(null, /^the card was lost$/)],
    ['is not faster by a quarter', { ms: 9 }, { ms: 9 }],
  ] as const)('is the processor where the other %s', async (_, cuda, told) => {
    expect((await chosenOf({ cuda, webgpu: { opens: false } }))?.provider).toBe('cpu');
    const [found] = await remembered();
    expect(found!.tried.find(({ provider }) => provider === 'cuda')).toEqual({ provider: 'cuda', ...told });
  });

  it('asks what opens no network for no other', async () => {
    opened.length = 0;
    const behaviours = { cuda: { opens: false }, webgpu: { ms: 1 } } as const;
    const candidates = ['speech.onnx', 'motion.onnx'].map((file) => ({
      file,
      bytes: 7,
      open: network(behaviours, file),
    }));
    const chosen = await chooseProviders(candidates, { choice: 'auto', memory, run: 'this' }, here);
    expect([...chosen.values()].map(({ provider }) => provider)).toEqual(['webgpu', 'webgpu']);
    expect(opened.filter((one) => one.endsWith('cuda'))).toEqual(['speech.onnx cuda']);
  });

  it('is not what once ended the program', async () => {
    await chosenOf({ cuda: { ms: 1 } });
    const written = JSON.parse(await readFile(memory, 'utf8')) as { computers: Record<string, object> };
    const [computer] = Object.keys(written.computers);
    const mark = async (pid: number, run = 'another') => {
      written.computers[computer!] = { networks: [], ended: [], trying: { provider: 'cuda', pid, run } };
      await writeFile(memory, JSON.stringify(written));
    };
    await mark(process.ppid); // somebody else is at it
    expect(await chosenOf({ cuda: { ms: 1 } })).toBeUndefined();
    expect(await remembered()).toEqual([]);
    await mark(2 ** 22 + 1); // beyond what Linux gives to any process
    expect((await chosenOf({ cuda: { ms: 1 }, webgpu: { ms: 3 } }))?.provider).toBe('webgpu');
    expect((await chosenOf({ cuda: { ms: 1 }, webgpu: { ms: 20 } }, { bytes: 8 }))?.provider).toBe('cpu');
    expect(opened).not.toContain('speech.onnx cuda');
  });

  it('is not what ended the program though every start has the same number, as in a container', async () => {
    await chosenOf({ cuda: { ms: 1 } });
    const written = JSON.parse(await readFile(memory, 'utf8')) as { computers: Record<string, object> };
    const [computer] = Object.keys(written.computers);
    for (const [run, expected] of [
      ['this', 'cuda'], // another thread of this start is at it
      ['before', 'webgpu'],
    ] as const) {
      const trying = { provider: 'cuda', pid: process.pid, run };
      written.computers[computer!] = { networks: [], ended: [], trying };
      await writeFile(memory, JSON.stringify(written));
      expect((await chosenOf({ cuda: { ms: 1 }, webgpu: { ms: 3 } }))?.provider).toBe(expected);
    }
  });

  it('is what a person says, without a trial, where it is there', async () => {
    opened.length = 0;
    const candidates = [{ file: 'speech.onnx', bytes: 7, open: network({ cuda: { ms: 99 } }) }];
    const said = async (choice: Provider) =>
      (await chooseProviders(candidates, { choice, memory, run: 'this' }, here)).get('speech.onnx');
    expect([await said('cuda'), await said('dml'), opened]).toEqual([{ provider: 'cuda' }, { provider: 'cpu' }, []]);
  });

  it('is the processor where there is nothing else, and nothing is written', async () => {
    expect(await chosenOf({}, { offer: { ...here, offered: ['cpu'] } })).toBeUndefined();
    await expect(readFile(memory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is the processor where it cannot be noted what is tried: that might end every start', async () => {
    const library = join(folder, 'full');
    memory = join(library, 'providers.json');
    await mkdir(memory, { recursive: true }); // no file can take its name
    opened.length = 0;
    expect(await chosenOf({ cuda: { ms: 5 } })).toBeUndefined();
    expect(opened).toEqual([]);
    expect(await readdir(library)).toEqual(['providers.json']);
  });
});

describe('a network that runs', () => {
  const waveform = new Tensor('float32', Float32Array.of(0.5), [1, 1]);
  const answer = async (one: Network) => (await one.run({ waveform }))['features']!.data;

  it.each([{ opens: false }, { runs: false }] as const)(
    'goes on on the processor when its provider fails, and stays there: %o',
    async (cuda) => {
      await chosenOf({ cuda: { ms: 1 }, webgpu: { ms: 2 } });
      const chosen = (await chosenOf({}))!;
      const failures: string[] = [];
      const one = await runnable(network({ cuda }), chosen.provider, async (why) => {
        failures.push(why);
        await refuse(chosen, why);
      });
      expect([await answer(one), await answer(one)]).toEqual([Float32Array.of(50), Float32Array.of(50)]);
      expect(failures).toHaveLength(1);
      expect((await chosenOf({}))?.provider).toBe('cpu');
      const told = (await remembered())[0]!.tried.find(({ provider }) => provider === 'cuda');
      expect(told).toMatchObject({ ms: null, refused: expect.stringMatching(/no such card|was lost/) });
    },
  );

  it('raises what fails on the processor too, which is no provider’s fault', async () => {
    const failures: string[] = [];
    const failed = async (why: string) => void failures.push(why);
    const one = await runnable(network({ cuda: { runs: false }, cpu: { runs: false } }), 'cuda', failed);
    await expect(answer(one)).rejects.toThrow('the card was lost');
    await expect(runnable(network({ cuda: { opens: false }, cpu: { opens: false } }), 'cuda', failed)).rejects.toThrow(
      'no such card',
    );
    expect(failures).toEqual([]);
  });
});
