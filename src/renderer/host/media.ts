/** Where the window finds a project's files: the same routes over http and over Electron's scheme. */
export const media = {
  source: (id: string) => `/media/${id}/source`,
  preview: (id: string, name: string) => `/media/${id}/preview/${encodeURIComponent(name)}`,
  export: (id: string, name: string) => `/media/${id}/exports/${encodeURIComponent(name)}`,
  download: (id: string, name: string) => `/media/${id}/exports/${encodeURIComponent(name)}?download`,
};
