-- 以前の年度に、もう目標の値に届いていた事業
-- 達成でも未達でも、目標がそれまでの実績より高かったかがわかります。このサイトの計算です。
SELECT initiative AS 事業, indicator AS 指標, reached_before_fiscal_year AS 届いた年度,
       actual AS 実績, target AS 目標, unit AS 単位, label AS 判定
FROM initiatives_newest
JOIN about_codes ON (table_name, column_name, code) = ('initiatives_newest', 'assessment', assessment)
WHERE reached_before_fiscal_year IS NOT NULL
ORDER BY reached_before_fiscal_year, initiative_id;
