const HEADER_BYTES = 44;
const PCM = 1;

/** A WAV file of pieces of mono sound, 16 bits a sample. */
export function wavFile(name: string, pieces: readonly Int16Array<ArrayBuffer>[], rate: number): File {
  const bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const word = (at: number, text: string) => {
    for (let k = 0; k < text.length; k++) header.setUint8(at + k, text.charCodeAt(k));
  };
  word(0, 'RIFF');
  header.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  word(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, PCM, true);
  header.setUint16(22, 1, true); // channel
  header.setUint32(24, rate, true);
  header.setUint32(28, rate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  word(36, 'data');
  header.setUint32(40, bytes, true);
  return new File([header.buffer, ...pieces], `${name}.wav`, { type: 'audio/wav' });
}
