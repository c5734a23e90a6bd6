INSERT INTO person (org, name, role, stores, password, suspended, generation, changed_at)
VALUES (:org, :name, :role, :stores, :password, :suspended, :generation, :changed_at)
ON CONFLICT (org, name) DO UPDATE SET role = excluded.role, stores = excluded.stores,
  password = excluded.password, suspended = excluded.suspended,
  generation = excluded.generation, changed_at = excluded.changed_at
