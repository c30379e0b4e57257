/** Each entry takes the library from version i to i + 1. An entry that was released is never changed again. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    basis TEXT NOT NULL CHECK (basis IN ('self', 'permission', 'synthetic')),
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    source_file TEXT,            -- name in the project's folder; NULL: an avatar that came without its video
    source_sha256 TEXT NOT NULL,
    source TEXT NOT NULL,        -- SourceInfo
    consent_id TEXT NOT NULL REFERENCES consents (id),
    deleted_at TEXT
  ) STRICT;
  CREATE INDEX projects_by_name ON projects (name) WHERE deleted_at IS NULL;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    number INTEGER NOT NULL,
    request TEXT NOT NULL,       -- preset, minutes, device, seed
    created_at TEXT NOT NULL,
    finished_at TEXT,
    UNIQUE (project_id, number)
  ) STRICT;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL,          -- jobs of one lane run one after the other
    project_id TEXT REFERENCES projects (id),
    run_id TEXT REFERENCES runs (id),
    request TEXT NOT NULL,
    state TEXT NOT NULL,         -- JobState
    state_kind TEXT GENERATED ALWAYS AS (state ->> 'kind') VIRTUAL,
    position INTEGER NOT NULL,
    owner TEXT,                  -- the process that runs or will run it: pid and start
    worker TEXT,                 -- the trainer's process, while it runs
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT
  ) STRICT;
  CREATE INDEX jobs_by_lane ON jobs (lane, state_kind, position);

  CREATE TABLE takes (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  // A project has one take, and every save of it counts one up. Nothing wrote takes before this.
  `
  DROP TABLE takes;
  CREATE TABLE takes (
    project_id TEXT PRIMARY KEY REFERENCES projects (id),
    document TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    updated_at TEXT NOT NULL
  ) STRICT;
  `,
  // A training's last checkpoint as an avatar was called its preview, and waited in a lane of that name.
  `
  UPDATE jobs SET kind = 'checkpoint', lane = 'checkpoint', request = json_set(request, '$.kind', 'checkpoint')
    WHERE kind = 'preview';
  `,
  // Exports and pictures waited in "engine". What a request is of stands in `kind` alone, and an export's sound is one
  // thing.
  `
  UPDATE jobs SET lane = 'media' WHERE lane = 'engine';
  UPDATE jobs SET request = json_remove(request, '$.kind');
  UPDATE jobs SET request = json_remove(json_set(request,
      '$.sound', json_object('kind', 'take', 'take', request -> '$.take')), '$.take', '$.audioPath', '$.speech')
    WHERE kind = 'export' AND request -> '$.take' IS NOT NULL;
  UPDATE jobs SET request = json_remove(json_set(request,
      '$.sound', json_object('kind', 'path', 'path', request ->> '$.audioPath')), '$.audioPath')
    WHERE kind = 'export' AND request -> '$.audioPath' IS NOT NULL;
  `,
  // A project had one take, which is its "Take 1" now, with the project's id; each has one, edited or not.
  `
  ALTER TABLE takes RENAME TO only_takes;
  CREATE TABLE takes (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    document TEXT,               -- NULL: nobody has edited it yet
    revision INTEGER NOT NULL CHECK (revision >= 0),
    opened INTEGER NOT NULL,     -- a project's open take has the highest
    created_at TEXT NOT NULL,
    deleted_at TEXT
  ) STRICT;
  INSERT INTO takes (id, project_id, name, document, revision, opened, created_at)
    SELECT projects.id, projects.id, 'Take 1', document, coalesce(revision, 0), 1, created_at
    FROM projects LEFT JOIN only_takes ON only_takes.project_id = projects.id;
  DROP TABLE only_takes;
  CREATE INDEX takes_by_project ON takes (project_id);

  CREATE TABLE manners (         -- how speech and head are set, saved under a name
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
  ) STRICT;
  `,
  // Who drives a take was known by the job that made it alone. A duplicated project's takes are as old as the first's.
  `
  ALTER TABLE takes ADD COLUMN consent_id TEXT REFERENCES consents (id); -- of whoever drives it
  UPDATE takes SET consent_id = (
    SELECT consents.id FROM jobs
      JOIN takes AS driven ON driven.id = jobs.state ->> '$.result.take.id'
      JOIN consents ON consents.id = jobs.request ->> '$.consent'
      WHERE jobs.kind = 'drive' AND driven.created_at = takes.created_at);
  `,
  // A consent was recorded once, and nothing could become of it.
  `
  CREATE TABLE consent_changes (
    id TEXT PRIMARY KEY,
    consent_id TEXT NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('attached', 'withdrawn', 'given')),
    at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    note TEXT NOT NULL,
    attachment TEXT              -- of 'attached': name, bytes, sha256
  ) STRICT;
  CREATE INDEX consent_changes_by_consent ON consent_changes (consent_id);
  `,
];
