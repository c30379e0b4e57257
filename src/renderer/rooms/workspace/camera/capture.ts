import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import { CAMERA_SIDES } from '../../../../shared/contract/live-camera.ts';
import { deviceProblem, noDevices } from '../microphone/device-problem.ts';
import { writePlanes } from './planes.ts';

/** A camera that is open. */
export interface CameraCapture {
  readonly stream: MediaStream;
  /** Of the pictures that it hands on, pixels. */
  readonly size: { readonly width: number; readonly height: number };
  close(): void;
}

export interface CameraEvents {
  /** A new picture, and when it was taken, ms of the page's clock. `fill` writes its planes. */
  readonly taken: (takenAt: number, fill: (planes: Uint8Array) => void) => void;
  /** The device went away. */
  readonly lost: (error: StudioErrorShape) => void;
}

/** Rows: a face at arm's length is as large then as the networks look at. */
const ROWS = 360;
/** What a camera says of when a picture was taken counts if it lies so shortly before, ms. */
const SHORTLY = 500;
const WORDS = { device: 'camera', does: 'see', instead: 'drive the avatar by a video' } as const;

/** Opens a camera: that with this id, or where it is empty the system's. Rejects with a StudioErrorShape. */
export async function openCamera(deviceId: string, { taken, lost }: CameraEvents): Promise<CameraCapture> {
  // Only a page from this computer or over https may see.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw noDevices(WORDS);
  const video = document.createElement('video');
  let stream: MediaStream | undefined;
  let open = true;
  const close = () => {
    open = false;
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  };
  try {
    stream = await devices.getUserMedia({
      video: {
        ...(deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
        width: { ideal: 640 },
        height: { ideal: 480 },
        frameRate: { ideal: 30, max: 30 },
      },
    });
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    const size = sizeOf(video.videoWidth, video.videoHeight);
    const canvas = new OffscreenCanvas(size.width, size.height);
    const drawing = canvas.getContext('2d', { willReadFrequently: true })!;
    const fill = (planes: Uint8Array) => {
      drawing.drawImage(video, 0, 0, size.width, size.height);
      writePlanes(drawing.getImageData(0, 0, size.width, size.height).data, size.width, size.height, planes);
    };
    const next = () =>
      video.requestVideoFrameCallback((now, { captureTime }) => {
        if (!open) return;
        taken(captureTime !== undefined && captureTime > now - SHORTLY && captureTime < now ? captureTime : now, fill);
        next();
      });
    next();
    stream.getVideoTracks()[0]?.addEventListener('ended', () => {
      close();
      lost(deviceProblem('gone', WORDS));
    });
    return { stream, size, close };
  } catch (error) {
    close();
    throw deviceProblem(error, WORDS);
  }
}

/** As the camera's picture is, so many rows, and no side longer than may be sent. Both are even. */
export function sizeOf(width: number, height: number): CameraCapture['size'] {
  const scale = Math.min(ROWS / height, CAMERA_SIDES.most / width);
  const even = (side: number) =>
    Math.min(Math.max(2 * Math.round((side * scale) / 2), CAMERA_SIDES.least), CAMERA_SIDES.most);
  return { width: even(width), height: even(height) };
}
