/**
 * Nothing leaves the computer: ONNX Runtime, from 1.29 on, tells its makers of every network that is opened, by name,
 * and keeps a number for the computer in the home folder, unless it was told not to before it is first used. It asks
 * the process's own environment, which a worker thread cannot change: so this is imported wherever a process or a
 * thread with networks begins. The trainer does the same (`likeness_trainer/__init__.py`).
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
