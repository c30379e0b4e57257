/** Streams a dropped file to the host; `onProgress` gets 0..1. Answers the upload's token. */
export function upload(file: File, onProgress: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot report upload progress
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.upload.addEventListener('progress', (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener('load', () => {
      const answer: unknown = JSON.parse(request.responseText || '{}');
      if (request.status === 200) resolve((answer as { token: string }).token);
      else reject((answer as { error?: unknown }).error ?? new Error(`upload answered ${request.status}`));
    });
    request.addEventListener('error', () => reject(new Error('The file could not be sent to Likeness.')));
    request.send(file);
  });
}
