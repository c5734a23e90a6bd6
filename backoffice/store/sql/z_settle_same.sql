UPDATE z_report SET agrees = :agrees, difference = :difference
WHERE org = :org AND terminal = :terminal AND agrees < 0
  AND shift = :shift AND day = :day AND at = :at AND total = :total
