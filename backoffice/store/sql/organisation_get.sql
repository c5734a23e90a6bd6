SELECT name, name_zh, currency, exponent, zone, cutoff_hour, issuer, levels, list_version, next_serial,
  country
FROM organisation WHERE org = :org
