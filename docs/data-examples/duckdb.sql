CREATE TABLE wide AS FROM 'initiatives-wide.csv';

-- 1つの事業の、年度ごとの実績と目標
SELECT fiscal_year, actual, target, unit
FROM wide
WHERE initiative_id = 'autumn-fest'
ORDER BY fiscal_year;

-- 額のある最新の年度の決算見込額（千円）を、分野ごとに合計する
SELECT area, sum(settlement_thousand_yen) AS settlement_thousand_yen
FROM wide
WHERE fiscal_year = (SELECT max(fiscal_year) FROM wide WHERE settlement_thousand_yen IS NOT NULL)
GROUP BY area
ORDER BY settlement_thousand_yen DESC;
