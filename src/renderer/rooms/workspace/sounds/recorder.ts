import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';

export interface Recording {
  /** How loud it is at this moment, 0 to 1. */
  level(): number;
  /** Ends it; a sound file. */
  stop(): Promise<File>;
  /** Ends it; nothing is kept. */
  discard(): void;
}

/** Containers in the order we like them; what a browser offers differs. */
const TYPES = [
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg;codecs=opus', 'ogg'],
] as const;

/** Begins to record the microphone. Rejects with a StudioErrorShape. */
export async function record(name: string): Promise<Recording> {
  // Only a page from this computer or over https may listen.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices || typeof MediaRecorder === 'undefined')
    throw problem(
      'not-found',
      'This browser cannot record here.',
      'Open Likeness on the computer itself, or add a sound file.',
    );
  const [type, ending] = TYPES.find(([one]) => MediaRecorder.isTypeSupported(one)) ?? ['', 'webm'];
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (error) {
    throw explained(error);
  }
  const context = new AudioContext();
  const meter = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  const recorder = new MediaRecorder(stream, type === '' ? {} : { mimeType: type, audioBitsPerSecond: 192_000 });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void parts.push(data));
  recorder.start(1000);
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  return {
    level: () => {
      meter.getFloatTimeDomainData(samples);
      return Math.min(
        1,
        samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0),
      );
    },
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener('stop', () => {
          end();
          resolve(new File(parts, `${name}.${ending}`, { type: recorder.mimeType }));
        });
        recorder.stop();
      }),
    discard: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      end();
    },
  };
}

function explained(refusal: unknown): StudioErrorShape {
  const error = refusal instanceof Error ? refusal : undefined;
  const kind = error?.name;
  if (kind === 'NotFoundError')
    return problem('not-found', 'There is no microphone.', 'Connect one, or add a sound file.', error);
  if (kind === 'NotAllowedError')
    return problem(
      'bad-request',
      'Likeness may not use the microphone.',
      'Allow it beside the address, or in the settings of your system, and try again.',
      error,
    );
  if (kind === 'NotReadableError')
    return problem(
      'busy',
      'The microphone does not answer.',
      'Another program may be using it: close that, and try again.',
      error,
    );
  return problem('internal', 'The microphone could not be opened.', 'Connect another one, or add a sound file.', error);
}

const problem = (code: StudioErrorShape['code'], message: string, hint: string, cause?: Error): StudioErrorShape => ({
  code,
  message,
  hint,
  ...(cause === undefined ? {} : { detail: String(cause) }),
});
