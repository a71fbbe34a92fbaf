const response = await fetch("initiatives.json");
const initiatives = await response.json();

// 1つの事業の、年度ごとの実績と目標
const festival = initiatives.find((item) => item.initiative_id === "autumn-fest");
for (const { fiscal_year, role, value } of festival.observations) {
  console.log(fiscal_year, role, value, festival.indicator.unit);
}

// 最新の報告の決算見込額（千円）を、分野ごとに合計する
const newest = Math.max(...initiatives.map((item) => item.report_fiscal_year));
const sums = {};
for (const item of initiatives.filter((item) => item.report_fiscal_year === newest)) {
  sums[item.area] = (sums[item.area] ?? 0) + item.settlement_thousand_yen;
}
console.log(sums);
