// Runs behind sql.js in a worker of its own, so that a query that does not end can be ended from outside. Knows
// nothing of the page: it is sent the program and the database once, then queries.
let opened;

// Makes the database anew for each query: what somebody is sent shows them the published data, whatever ran before.
const open = async (wasm, database) => {
  const SQL = await initSqlJs({ wasmBinary: wasm });
  const bytes = new Uint8Array(database);
  return () => {
    const made = new SQL.Database(bytes);
    made.run("PRAGMA query_only = 1");
    return made;
  };
};

// The rows of the last statement that has any, up to ``most``.
const answer = (database, sql, most) => {
  let result = { columns: [], rows: [], isMore: false };
  for (const statement of database.iterateStatements(sql)) {
    const [columns, rows] = [statement.getColumnNames(), []];
    let isMore = false;
    while (!isMore && statement.step()) {
      if (rows.length < most) rows.push(statement.get());
      else isMore = true;
    }
    if (columns.length) result = { columns, rows, isMore };
  }
  return result;
};

onmessage = async ({ data: { wasm, database, sql, most } }) => {
  if (wasm) opened = open(wasm, database);
  if (sql === undefined) return;
  let made;
  try {
    made = (await opened)();
    postMessage({ result: answer(made, sql, most) });
  } catch (error) {
    postMessage({ error: error.message, isBroken: error.name !== "Error" });
  } finally {
    made?.close();
  }
};
