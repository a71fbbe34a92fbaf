-- {areas}と判定ごとの事業の数
-- 判定はこのサイトの計算です。about_codes は、コードの日本語の名前が入っている表です。
SELECT area AS "{areas}", label AS 判定, count(*) AS 事業数
FROM initiatives_newest
JOIN about_codes ON (table_name, column_name, code) = ('initiatives_newest', 'assessment', assessment)
GROUP BY area_id, area, assessment, label
ORDER BY area_id, 事業数 DESC, assessment;
