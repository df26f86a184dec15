-- An import of history: the manifest of its parts, and what became of each part's rows.

CREATE TABLE import_file (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    rows integer NOT NULL,
    part_digests jsonb NOT NULL,
    completed_at timestamptz,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_import_file PRIMARY KEY (id),
    CONSTRAINT uq_import_file_client_id_sha256_name UNIQUE (client_id, sha256, name)
);

CREATE TABLE import_part (
    import_id uuid NOT NULL,
    part integer NOT NULL,
    rows integer NOT NULL,
    results jsonb NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_import_part PRIMARY KEY (import_id, part)
);
