-- 目標に届かなかった事業を、達成率の低い順に
-- 達成率はこのサイトの計算です。initiatives_newest は、最新の報告の1事業が1行の表です。
SELECT initiative AS 事業, area AS "{areas}", indicator AS 指標,
       actual AS 実績, target AS 目標, unit AS 単位, achievement_rate AS 達成率_パーセント
FROM initiatives_newest
WHERE assessment = 'not_achieved'
ORDER BY achievement_rate IS NULL, achievement_rate, initiative_id;
