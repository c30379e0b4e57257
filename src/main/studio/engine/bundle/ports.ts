/** The ports that a model of a bundle has, inputs first (docs/formats.md). */
interface Ports {
  readonly needs: readonly string[];
  readonly mayHave?: readonly string[];
}

export const PORTS: Readonly<Record<string, Ports>> = {
  'render.onnx': { needs: ['points', 'directions', 'half_width', 'condition', 'texture', 'region', 'rgba'] },
  'render-fast.onnx': { needs: ['points', 'offsets', 'active', 'condition', 'texels', 'scatter', 'rgba'] },
  'speech.onnx': { needs: ['waveform', 'features', 'pitch'] },
  'motion.onnx': { needs: ['features', 'expression'], mayHave: ['shift'] },
  'live.onnx': { needs: ['waveform', 'state', 'expression', 'next'] },
  'variation.onnx': { needs: ['features', 'noise', 'shift'] },
};
