-- 数も言葉もない欄を、理由ごとに
-- current_ で始まる表は、最新の報告だけのものです。値がない欄には、必ず理由（status）があります。
SELECT CASE role WHEN 'target' THEN '目標' WHEN 'base' THEN '基準値' ELSE '実績' END AS 欄, label AS 理由, count(*) AS 欄の数,
       min(fiscal_year) AS 最初の年度, max(fiscal_year) AS 最後の年度
FROM current_observations
JOIN about_codes ON (table_name, column_name, code) = ('observations', 'status', status)
WHERE status <> 'reported'
GROUP BY role, status, label
ORDER BY role, 欄の数 DESC, status;
