import { setTimeout as sleep } from 'node:timers/promises';
import { asStudioError } from '../../src/shared/domain/system-error.ts';
import { type Answer, likenessOn } from '../likeness.ts';

/** Which tries, by their numbers: every `step`th from `from` on, up to `to` without it. */
export interface Tries {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export function numbersOf({ from, to, step }: Tries, all: number): number[] {
  return Array.from({ length: Math.min(to, all) }, (_, number) => number).filter(
    (number) => number >= from && (number - from) % step === 0,
  );
}

/** What came of one try: its word is counted; a fault is printed when it comes. */
export interface Outcome {
  readonly word: string;
  readonly fault?: string;
}

export const done: Outcome = { word: 'done' };
export const fault = (word: string, detail: string): Outcome => ({ word, fault: detail });

/** Counts what came of the tries of one kind. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #began = performance.now();
  readonly kind: string;
  tries = 0;
  faults = 0;
  longest = 0;

  constructor(kind: string) {
    this.kind = kind;
  }

  /** Does it once; what it throws is a fault. */
  async try(what: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const began = performance.now();
    const outcome = await work().catch((error: unknown) => fault('the try failed', String(error)));
    const seconds = (performance.now() - began) / 1000;
    this.tries += 1;
    this.longest = Math.max(this.longest, seconds);
    this.#counts.set(outcome.word, (this.#counts.get(outcome.word) ?? 0) + 1);
    console.error(`${this.kind} ${what}: ${outcome.word} (${seconds.toFixed(1)} s)`);
    if (outcome.fault !== undefined) {
      this.faults += 1;
      console.log(`FAULT ${this.kind} ${what}: ${outcome.word}: ${outcome.fault}`);
    }
    return outcome;
  }

  get line(): string {
    const words = [...this.#counts].toSorted(([, a], [, b]) => b - a).map(([word, count]) => `${word} ${count}`);
    const minutes = ((performance.now() - this.#began) / 60_000).toFixed(1);
    return (
      `${this.kind}: ${this.tries} tries, ${this.faults} faults (${words.join(', ')}); ` +
      `${minutes} min, the longest ${this.longest.toFixed(1)} s`
    );
  }
}

/** Of something asked of a studio: what it answered, and what came of that. */
export interface Got<Value> extends Outcome {
  readonly value?: Value;
}

/** Asks a studio in this process; `internal`, and no answer within `limit` seconds, are faults of ours. */
export async function got<Value>(work: () => Promise<Value>, limit = 180): Promise<Got<Value>> {
  const late = new AbortController();
  const waited = sleep(limit * 1000, undefined, { signal: late.signal });
  waited.catch(() => undefined);
  try {
    const value = await Promise.race([work(), waited.then(() => 'late' as const)]);
    return value === 'late' ? fault('hung', `no answer in ${limit} s`) : { ...done, value };
  } catch (error) {
    const { code, message, detail } = asStudioError(error);
    return code === 'internal' ? fault(code, `${message}\n${detail}`) : { word: code };
  } finally {
    late.abort();
  }
}

/** Of a command: what it answered, and what came of that. */
export interface Came extends Outcome {
  readonly answer: Answer | undefined;
}

/** Runs a command; without an answer it crashed, after `limit` seconds it hangs, and `internal` is a fault of ours. */
export async function ask(library: string, args: readonly string[], limit = 180): Promise<Came> {
  const started = likenessOn(library).start(...args);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    started.child.kill('SIGKILL');
  }, limit * 1000);
  try {
    const answer = await started.answer;
    return { ...judged(args, answer, late), answer };
  } catch (error) {
    return { ...fault('crashed', String(error)), answer: undefined };
  } finally {
    clearTimeout(timer);
  }
}

function judged(args: readonly string[], { code, json, log }: Answer, late: boolean): Outcome {
  if (late) return fault('hung', args.join(' '));
  if (code === null) return fault('crashed', log.slice(-2000));
  if (code === 0) return done;
  const error = json?.error as { code: string; message: string; detail?: string } | undefined;
  if (!error) return fault('no error in its answer', JSON.stringify(json).slice(0, 2000));
  if (error.code === 'internal') return fault('internal', `${args[0]}: ${error.message}\n${error.detail ?? ''}`);
  return { word: error.code };
}
