-- 「万人」「百万円」などの実績を、1人・1円の数に
-- unit_multiplier は10の何乗かです（万人なら4）。
SELECT initiative AS 事業, indicator AS 指標, fiscal_year AS 年度, actual AS 実績, unit AS 単位,
       actual * CAST('1e' || unit_multiplier AS REAL) AS 実績の数
FROM initiatives_wide
WHERE unit_multiplier > 0 AND actual IS NOT NULL
ORDER BY initiative_id, indicator_position, fiscal_year;
