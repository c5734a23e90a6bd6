INSERT INTO list_maker (org, version, person, approved_by)
VALUES (:org, :version, :person, :approved_by)
