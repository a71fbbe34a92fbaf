-- 資料の書き方に疑問がある所
-- 値は直さず、疑問として注記しています。注記はこのサイトの読み取りです。
SELECT sources.title AS 資料, source_line AS 行, label AS 種類, printed AS 資料の表記, suspected AS 正しいと思われる表記, reason AS 理由
FROM source_notes
JOIN sources USING (source_id)
JOIN about_codes ON (table_name, column_name, code) = ('source_notes', 'category', category)
ORDER BY source_id, source_line, note_id;
