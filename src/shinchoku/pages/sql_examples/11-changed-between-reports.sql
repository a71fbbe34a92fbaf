-- 後の報告で、値が変わった実績と目標
-- 同じ年度の値を、報告どうしで比べます。報告が1つだけのときは、結果は0行です。
SELECT indicator_ids.name AS 指標, earlier.fiscal_year AS 年度,
       CASE earlier.role WHEN 'target' THEN '目標' WHEN 'base' THEN '基準値' ELSE '実績' END AS 欄,
       earlier_report.report_fiscal_year AS 前の報告, earlier.printed AS 前の表記,
       later_report.report_fiscal_year AS 後の報告, later.printed AS 後の表記
FROM observations AS earlier
JOIN observations AS later USING (indicator_id, fiscal_year, role)
JOIN sources AS earlier_report ON earlier_report.source_id = earlier.source_id
JOIN sources AS later_report ON later_report.source_id = later.source_id
JOIN indicator_ids USING (indicator_id)
WHERE later_report.report_fiscal_year > earlier_report.report_fiscal_year
  AND (later.value, later.text, later.status) IS NOT (earlier.value, earlier.text, earlier.status)
ORDER BY indicator_id, 年度, 欄 DESC, 前の報告, 後の報告;
