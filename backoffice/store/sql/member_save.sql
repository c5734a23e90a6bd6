INSERT INTO member (org, id, level, name, phone_hash, phone_last, note, terms, agreed_at, joined_at,
  ended_at)
VALUES (:org, :id, :level, :name, :phone_hash, :phone_last, :note, :terms, :agreed_at, :joined_at,
  :ended_at)
ON CONFLICT (org, id) DO UPDATE SET level = excluded.level, name = excluded.name,
  phone_hash = excluded.phone_hash, phone_last = excluded.phone_last, note = excluded.note,
  terms = excluded.terms, agreed_at = excluded.agreed_at, ended_at = excluded.ended_at
