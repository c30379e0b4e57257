import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import worklet from './capture.worklet.ts?worker&url';

/** A microphone that is open. */
export interface Capture {
  readonly rate: number; // Hz
  /** How loud it is at this moment, 0 to 1. */
  level(): number;
  close(): void;
}

export interface CaptureEvents {
  /** What came in, in order and without gaps: mono, -1..1. */
  readonly heard: (samples: Float32Array) => void;
  /** The device went away. */
  readonly lost: (error: StudioErrorShape) => void;
}

/** Opens a microphone: that with this id, or where it is empty the system's. Rejects with a StudioErrorShape. */
export async function openCapture(deviceId: string, { heard, lost }: CaptureEvents): Promise<Capture> {
  // Only a page from this computer or over https may listen.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices || typeof AudioWorkletNode === 'undefined')
    throw problem(
      'not-found',
      'This browser cannot record here.',
      'Open Likeness on the computer itself, or add a sound file.',
    );
  let stream: MediaStream | undefined;
  let context: AudioContext | undefined;
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    if (context?.state !== 'closed') void context?.close();
  };
  try {
    stream = await devices.getUserMedia({
      audio: {
        ...(deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
      },
    });
    context = new AudioContext({ latencyHint: 'interactive' });
    await context.audioWorklet.addModule(worklet);
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
    node.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => heard(data));
    node.port.start();
    const meter = new AnalyserNode(context, { fftSize: 2048 });
    source.connect(node);
    source.connect(meter);
    await context.resume();
    stream.getAudioTracks()[0]?.addEventListener('ended', () => {
      close();
      lost(UNPLUGGED);
    });
    const samples = new Float32Array(meter.fftSize);
    return {
      rate: context.sampleRate,
      level: () => {
        meter.getFloatTimeDomainData(samples);
        return Math.min(
          1,
          samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0),
        );
      },
      close,
    };
  } catch (error) {
    close();
    throw explained(error);
  }
}

const UNPLUGGED = problem(
  'not-found',
  'The microphone went away.',
  'Connect it, or choose another one, and start again. What was recorded is kept.',
);

function explained(refusal: unknown): StudioErrorShape {
  const error = refusal instanceof Error ? refusal : undefined;
  switch (error?.name) {
    case 'NotFoundError':
      return problem('not-found', 'There is no microphone.', 'Connect one, or add a sound file.', error);
    case 'OverconstrainedError':
      return problem('not-found', 'This microphone is not there any more.', 'Choose another one.', error);
    case 'NotAllowedError':
      return problem(
        'bad-request',
        'Likeness may not use the microphone.',
        'Allow it beside the address, or in the settings of your system, and try again.',
        error,
      );
    case 'NotReadableError':
      return problem(
        'busy',
        'The microphone does not answer.',
        'Another program may be using it: close that, and try again.',
        error,
      );
    default:
      return problem(
        'internal',
        'The microphone could not be opened.',
        'Connect another one, or add a sound file.',
        error,
      );
  }
}

function problem(code: StudioErrorShape['code'], message: string, hint: string, cause?: Error): StudioErrorShape {
  return { code, message, hint, ...(cause === undefined ? {} : { detail: String(cause) }) };
}
