-- {areas}ごとの{settled}
-- 事業は、はじめに載っている{areas}で1回だけ数えます。貸付資金は額が大きいので、除いた額も並べます。
SELECT area AS "{areas}",
       count(*) AS 事業数,
       sum(settlement_thousand_yen) AS "{settled}_千円",
       sum(iif(is_loan_fund, 0, settlement_thousand_yen)) AS 貸付資金を除く_千円,
       count(*) - count(settlement_thousand_yen) AS 額の記載がない事業
FROM initiatives_newest
GROUP BY area_id, area
ORDER BY "{settled}_千円" DESC, area_id;
