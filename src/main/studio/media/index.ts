/** Pictures and sound. Everything that starts ffmpeg or ffprobe lives here. */
export { tryTools } from './try-tools.ts';
export { locateMediaTools, type MediaTools } from './tools.ts';
export { chooseStreams, type StreamWish } from './streams.ts';
export { filmTrack, soundTrack } from './sound-track.ts';
export { OWN_WAVE, type SoundTrack } from './sound-bytes.ts';
export { probeVideo, type ProbedVideo } from './probe.ts';
export { pictureBytes, readFrame, readFrames, type Frame, type FrameRequest, type PixelFormat } from './frames.ts';
export { readSound, refuseSilence, soundBlocks, soundSeconds, type Sound, type SoundRequest } from './audio.ts';
export { openVideoSink, type VideoOptions, type VideoSink } from './encode.ts';
export { isSubsampled, writableFormats } from './encoders.ts';
export { sequenceFolder } from './sequence.ts';
export { type SoundPart, writeSoundFile } from './sound-file.ts';
export { readJpegs } from './jpegs.ts';
export { type PngOptions, writePng } from './png.ts';
export { lookAtStill, readStill, type Still } from './still.ts';
export { toWave } from './to-wave.ts';
export { WAVE_HEADER_BYTES, type WaveFile, waveFormat, WaveWriter } from './wave-file.ts';
export { ownWords } from './own-words.ts';
