-- 交付金の対象事業と、関係がありそうな事業
-- 2つのつながりはこのサイトの読み取りで、資料には書かれていません。確からしさは0から1です。
SELECT grants.name AS 交付金の対象事業, grant_programmes.name AS 交付金, amount_thousand_yen AS 額_千円,
       initiative_ids.name AS 関係がありそうな事業, confidence AS 確からしさ
FROM grants
JOIN grant_programmes USING (programme_id)
LEFT JOIN initiative_grants USING (grant_id)
LEFT JOIN initiative_ids USING (initiative_id)
ORDER BY amount_thousand_yen DESC, grant_id, confidence DESC, initiative_id;
