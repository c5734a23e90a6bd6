INSERT INTO bonus_rule (org, id, first_day, last_day, pays, gives, every)
VALUES (:org, :id, :first_day, :last_day, :pays, :gives, :every)
