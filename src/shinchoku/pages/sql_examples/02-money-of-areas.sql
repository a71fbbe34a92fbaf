-- {areas}ごとの{settled}
-- 額の記載がない事業は、0ではなく、足していません。
SELECT area AS "{areas}",
       count(*) AS 事業数,
       sum(settlement_thousand_yen) AS "{settled}_千円",
       count(*) - count(settlement_thousand_yen) AS 額の記載がない事業
FROM initiatives_newest
GROUP BY area_id, area
ORDER BY "{settled}_千円" DESC, area_id;
