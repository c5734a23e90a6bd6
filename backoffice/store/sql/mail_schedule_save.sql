INSERT INTO mail_schedule (org, id, report, every, minute, form, mail_to, person, made_at, ended_at,
  done_at, tries, next_at, why)
VALUES (:org, :id, :report, :every, :minute, :form, :mail_to, :person, :made_at, :ended_at,
  :done_at, :tries, :next_at, :why)
ON CONFLICT (org, id) DO UPDATE SET ended_at = excluded.ended_at, done_at = excluded.done_at,
  tries = excluded.tries, next_at = excluded.next_at, why = excluded.why
