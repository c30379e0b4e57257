/** Where the window finds a project's files: the same routes over http and over Electron's scheme. */
export const media = {
  source: (id: string) => `/media/${id}/source`,
  /** One frame of the source as JPEG; the version makes it a lasting address. */
  picture: (id: string, { version }: { readonly version: string }, frame: number) =>
    `/media/${id}/pictures/${frame}?v=${version}`,
  track: (id: string) => `/media/${id}/track`,
  sound: (id: string, sound: string) => `/media/${id}/sounds/${sound}`,
  proof: (id: string, name: string) => `/media/${id}/proofs/${encodeURIComponent(name)}`,
  evaluation: (id: string, name: string, version: string) => `/media/${id}/evaluation/${name}?v=${version}`,
  export: (id: string, name: string) => `/media/${id}/exports/${encodeURIComponent(name)}`,
  download: (id: string, name: string) => `/media/${id}/exports/${encodeURIComponent(name)}?download`,
};
