SELECT name, name_zh, currency, exponent, zone, cutoff_hour, issuer, levels, list_version, next_serial
FROM organisation WHERE org = :org
