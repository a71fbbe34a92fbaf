import pandas as pd

table = pd.read_csv("initiatives-wide.csv")

# 1つの事業の、年度ごとの実績と目標
festival = table[table["initiative_id"] == "autumn-fest"]
print(festival[["fiscal_year", "actual", "target", "unit"]].to_string(index=False))

# 額のある最新の年度の決算見込額（千円）を、分野ごとに合計する
settled = table.dropna(subset=["settlement_thousand_yen"])
newest = settled[settled["fiscal_year"] == settled["fiscal_year"].max()]
sums = newest.groupby("area")["settlement_thousand_yen"].sum().astype(int)
print(sums.sort_values(ascending=False).to_string())
