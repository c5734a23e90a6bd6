SELECT id, report, every, minute, form, mail_to, person, made_at, ended_at, done_at, tries, next_at,
  why FROM mail_schedule WHERE org = :org ORDER BY id
