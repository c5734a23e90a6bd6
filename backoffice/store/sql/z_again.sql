SELECT epoch, seq, agrees FROM z_report
WHERE org = :org AND terminal = :terminal AND epoch <> :epoch
  AND shift = :shift AND day = :day AND at = :at AND total = :total
ORDER BY agrees DESC
