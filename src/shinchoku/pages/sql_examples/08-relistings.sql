-- 2か所以上に載っている（再掲のある）事業
-- 指標が2つ以上ある事業は行も2つ以上あるので、はじめの指標の行だけを数えます。
SELECT name AS 事業, count(*) AS 載っている所, group_concat(title, '／') AS 載っている場所
FROM (SELECT current_initiatives.initiative_id, name, title
      FROM current_listings
      JOIN current_initiatives USING (initiative_id)
      JOIN current_policies USING (policy_id)
      WHERE indicator_position = 1
      ORDER BY current_listings.source_line)
GROUP BY initiative_id, name
HAVING count(*) > 1
ORDER BY 載っている所 DESC, initiative_id;
