import { useEffect, useRef } from 'react';
import type { Capture } from './capture.ts';
import './microphone.css';

/** Looks a second: smooth for the eye. */
const EVERY_MS = 50;

/** How loud a microphone is; at nothing while it is off. */
export function Level({ capture, width }: { readonly capture: Capture | null; readonly width?: number }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!capture) return;
    const meter = bar.current;
    const timer = setInterval(() => {
      if (meter) meter.value = Math.sqrt(capture.level()); // a voice fills half of it
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      if (meter) meter.value = 0;
    };
  }, [capture]);
  return (
    <meter
      ref={bar}
      className="microphone-level"
      min={0}
      max={1}
      high={0.97}
      value={0}
      aria-label="Level of the microphone"
      style={width === undefined ? undefined : { width }}
    />
  );
}
