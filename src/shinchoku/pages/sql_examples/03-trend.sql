-- 前の年度より悪くなった事業の、これまでの実績
-- 年度ごとの実績を、資料の表記のまま1つの欄に並べます。変化はこのサイトの計算です。
SELECT initiative AS 事業, indicator AS 指標, unit AS 単位, change_rate AS 前年度からの変化_パーセント,
       (SELECT group_concat(fiscal_year || '：' || coalesce(actual_printed, actual_status), ' → ')
        FROM (SELECT * FROM initiatives_wide
              WHERE indicator_id = initiatives_newest.indicator_id ORDER BY fiscal_year)) AS 年度ごとの実績
FROM initiatives_newest
WHERE trend = 'worse'
ORDER BY change_rate IS NULL, abs(change_rate) DESC, initiative_id;
