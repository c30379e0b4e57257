export * from './errors.ts';
export * from './fault.ts';
export * from './trainer.ts';
export * from './results.ts';
export * from './doctor.ts';
export * from './manifest.ts';
