INSERT INTO z_report (org, terminal, epoch, seq, day, shift, agrees, difference)
VALUES (:org, :terminal, :epoch, :seq, :day, :shift, :agrees, :difference)
ON CONFLICT (org, terminal, epoch, seq) DO UPDATE SET
  agrees = excluded.agrees, difference = excluded.difference
