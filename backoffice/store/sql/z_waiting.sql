SELECT seq FROM z_report
WHERE org = :org AND terminal = :terminal AND epoch = :epoch AND agrees = -1 AND seq <= :upto
ORDER BY seq
