-- All that the schema consists of, each as the server would have it made.
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = current_schema()),
found AS (
  SELECT 'constraint ' || r.relname || '.' || c.conname AS name,
         pg_get_constraintdef(c.oid) || CASE WHEN c.convalidated THEN '' ELSE ' NOT VALID' END AS definition, r.relname AS relation
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN ours ON ours.oid = r.relnamespace WHERE c.contype <> 'n'
  UNION ALL
  SELECT 'index ' || i.relname, pg_get_indexdef(i.oid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END, r.relname
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid JOIN ours ON ours.oid = r.relnamespace
  UNION ALL
  SELECT 'trigger ' || g.tgname, pg_get_triggerdef(g.oid) || CASE WHEN g.tgenabled IN ('O','A') THEN '' ELSE ' DISABLED' END, r.relname
  FROM pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid JOIN ours ON ours.oid = r.relnamespace WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 'function ' || p.proname, md5(p.prosrc), '' FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
  UNION ALL
  SELECT 'table ' || r.relname, r.relkind::text || coalesce(' ' || pg_get_expr(r.relpartbound, r.oid), '') || ' ' ||
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped), r.relname
  FROM pg_class r JOIN ours ON ours.oid = r.relnamespace WHERE r.relkind NOT IN ('i', 'I', 'S')
)
SELECT name, replace(replace(definition, (SELECT quote_ident(nspname) || '.' FROM ours),''), E'\n', ' ') FROM found WHERE relation <> 'dualstack_migrations' ORDER BY name COLLATE "C"
