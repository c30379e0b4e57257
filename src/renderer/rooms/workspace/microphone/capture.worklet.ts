// Runs on the audio thread: nothing but its own globals is there.
interface Processor {
  readonly port: MessagePort;
}
declare const AudioWorkletProcessor: new () => Processor;
declare function registerProcessor(name: string, processor: new () => Processor): void;

/** Of a message: 11 ms at 48 kHz, half of which the sound waits on average. Less saves less than a message costs. */
const PIECE = 512;

/** Hands a microphone's samples on, whole and in order: its first channel, which is all there is of most. */
class Capture extends AudioWorkletProcessor {
  #piece = new Float32Array(PIECE);
  #filled = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const samples = input?.[0];
    if (!samples) return true;
    for (let taken = 0; taken < samples.length;) {
      const part = samples.subarray(taken, taken + PIECE - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled < PIECE) break;
      this.port.postMessage(this.#piece, [this.#piece.buffer]);
      this.#piece = new Float32Array(PIECE);
      this.#filled = 0;
    }
    return true;
  }
}
registerProcessor('capture', Capture);
