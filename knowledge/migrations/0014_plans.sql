-- A plan of work is a document like the others: versions, comments, approval (docs/decisions).
alter table artifacts drop constraint artifacts_type_check;
alter table artifacts add constraint artifacts_type_check check (type in ('intake', 'client_canon', 'metric_schema',
  'strategy_sheet', 'experiment_spec', 'asset_brief', 'creatives', 'execution', 'monitoring', 'delivery', 'qa_report',
  'experiment_report', 'playbook', 'plan'));
