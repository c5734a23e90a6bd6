INSERT INTO organisation (org, name, name_zh, currency, exponent, zone, cutoff_hour, issuer, levels,
  country)
VALUES (:org, :name, :name_zh, :currency, :exponent, :zone, :cutoff_hour, :issuer, :levels, :country)
ON CONFLICT (org) DO UPDATE SET
  name = excluded.name, name_zh = excluded.name_zh, currency = excluded.currency,
  exponent = excluded.exponent, zone = excluded.zone, cutoff_hour = excluded.cutoff_hour,
  issuer = excluded.issuer, levels = excluded.levels, country = excluded.country
