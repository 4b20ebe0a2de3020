SELECT id, text
FROM notes
ORDER BY id;
