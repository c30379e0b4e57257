/** Voices that speak scripts: which there are, fetching one, and from text to a sound with the times of its words. */
export { fetchVoice, voiceModels } from './fetch-voice.ts';
export { ownVoices, takeVoice } from './own-voices.ts';
export { plainSpeech } from './plain-speech.ts';
export { requireReadable, say } from './say.ts';
export { listVoices, requireVoice } from './voices.ts';
