-- All that the database consists of, each as the server describes it.
SELECT name, replace(replace(definition, '\n', ' '), '\t', ' ') FROM (
  SELECT concat('column ', table_name, '.', column_name) AS name, table_name,
         concat_ws(' ', column_type, if(is_nullable = 'NO', 'not null', NULL), collation_name, generation_expression) AS definition
  FROM information_schema.columns WHERE table_schema = database()
  UNION ALL
  SELECT concat('index ', table_name, '.', index_name), table_name,
         concat(if(non_unique, '', 'unique '), index_type, ' ', group_concat(column_name, if(sub_part IS NULL, '', concat('(', sub_part, ')')) ORDER BY seq_in_index))
  FROM information_schema.statistics WHERE table_schema = database() GROUP BY table_name, index_name, non_unique, index_type
  UNION ALL
  SELECT concat('check ', table_name, '.', constraint_name), table_name, check_clause
  FROM information_schema.check_constraints WHERE constraint_schema = database()
  UNION ALL
  SELECT concat('reference ', table_name, '.', constraint_name), table_name, concat(referenced_table_name, ' ', update_rule, ' ', delete_rule)
  FROM information_schema.referential_constraints WHERE constraint_schema = database()
  UNION ALL
  SELECT concat('trigger ', trigger_name), event_object_table, concat(action_timing, ' ', event_manipulation, ' ', event_object_table, ' ', action_statement)
  FROM information_schema.triggers WHERE trigger_schema = database()
  UNION ALL
  SELECT concat('table ', table_name), table_name, coalesce(concat_ws(' ', table_type, engine), '')
  FROM information_schema.tables WHERE table_schema = database()
) AS found WHERE table_name <> 'dualstack_migrations' ORDER BY 1
