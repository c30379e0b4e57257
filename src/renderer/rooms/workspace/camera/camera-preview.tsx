import { useEffect, useRef } from 'react';
import './camera.css';

/** What the camera sees, as in a mirror. */
export function CameraPreview({ stream }: { readonly stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return <video ref={video} className="camera-preview" autoPlay muted playsInline aria-label="What the camera sees" />;
}
