-- 前の年度より悪くなった事業の、これまでの実績
-- 年度ごとの実績を1つの欄に並べます。値がない年度は、その理由のコードがかっこに入ります。
SELECT initiative AS 事業, indicator AS 指標, unit AS 単位, change_rate AS 前年度からの変化_パーセント,
       (SELECT group_concat(fiscal_year_label || ' ' || coalesce(actual, actual_text, '（' || actual_status || '）'), ' → ')
        FROM (SELECT * FROM initiatives_wide AS year
              WHERE year.indicator_id = newest.indicator_id ORDER BY year.fiscal_year)) AS 実績
FROM initiatives_newest AS newest
WHERE trend = 'worse'
ORDER BY change_rate IS NULL, abs(change_rate) DESC, initiative_id;
