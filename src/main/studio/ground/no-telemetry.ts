/**
 * Imported before anything else that may run a network: from its first use on, the published ONNX Runtime reports what
 * is run with it to its maker, and keeps a number for this computer, unless this is set by then. It is for the process
 * and all it starts; a worker thread, whose `process.env` is a copy, is too late to set it.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
