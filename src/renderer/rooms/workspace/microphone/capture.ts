import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import { deviceProblem, noDevices } from './device-problem.ts';
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

const WORDS = { device: 'microphone', does: 'record', instead: 'add a sound file' } as const;

/** Opens a microphone: that with this id, or where it is empty the system's. Rejects with a StudioErrorShape. */
export async function openCapture(deviceId: string, { heard, lost }: CaptureEvents): Promise<Capture> {
  // Only a page from this computer or over https may listen.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices || typeof AudioWorkletNode === 'undefined') throw noDevices(WORDS);
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
      lost(deviceProblem('gone', WORDS));
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
    throw deviceProblem(error, WORDS);
  }
}
