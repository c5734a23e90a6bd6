SELECT count(*) FROM sale
WHERE org = :org AND uid = :uid AND terminal = :terminal AND epoch <> :epoch
  AND attempt = :attempt AND receipt = :receipt AND (:total IS NULL OR total = :total)
