INSERT INTO store (org, id, code, name, agent, market, zone, cutoff_hour, upload)
VALUES (:org, :id, :code, :name, :agent, :market, :zone, :cutoff_hour, :upload)
ON CONFLICT (org, id) DO UPDATE SET
  name = excluded.name, agent = excluded.agent, market = excluded.market,
  zone = excluded.zone, cutoff_hour = excluded.cutoff_hour,
  upload = excluded.upload
