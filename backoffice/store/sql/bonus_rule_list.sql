SELECT id, first_day, last_day, pays, gives, every FROM bonus_rule WHERE org = :org ORDER BY id
