export * from './safetensors.ts';
export * from './write-safetensors.ts';
export * from './expect.ts';
