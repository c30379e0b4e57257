/** What is used of the package, which brings no types: eSpeak NG compiled to WebAssembly. */
declare module '@echogarden/espeak-ng-emscripten' {
  /**
   * `text_position`: of the word it belongs to, characters from 1; `audio_position`: milliseconds of the text's sound.
   * A phoneme's `id` is its IPA, '' for a pause.
   */
  export interface SpeechEvent {
    readonly type: string;
    readonly text_position: number;
    readonly audio_position: number;
    readonly id: string | number;
  }
  export interface Espeak {
    /** 0 when there is such a voice. */
    set_voice(language: string): number;
    /** Tells of what it says as it goes; its sound is mono, 22,050 Hz. */
    synthesize(text: string, tell: (sound: Int16Array, events: readonly SpeechEvent[]) => void): void;
  }
  export default function load(): Promise<{ readonly eSpeakNGWorker: new () => Espeak }>;
}
