-- 数も言葉もない欄を、理由ごとに
-- current_ で始まる表は、最新の報告だけのものです。値がない欄には、必ず理由（status）があります。
SELECT iif(role = 'target', '目標', '実績') AS 欄, label AS 理由, count(*) AS 欄の数,
       min(fiscal_year) AS 最初の年度, max(fiscal_year) AS 最後の年度
FROM current_observations
JOIN about_codes ON (table_name, column_name, code) = ('observations', 'status', status)
WHERE status <> 'reported'
GROUP BY role, status, label
ORDER BY role, 欄の数 DESC, status;
